#include <cstdio>

#include "cli/call.h"
#include "cli/format.h"
#include "cli/scenario_files.h"
#include "cli/verdict_report.h"
#include "scenarios/suggestion.h"
#include "scenarios/values.h"

namespace indoubt {
namespace {

struct VerdictCall {
  std::string file, protocol, transactions, seed;
  std::vector<std::string> formulas;
  bool json = false;
};

boost::program_options::options_description options_of(VerdictCall& call) {
  namespace po = boost::program_options;
  po::options_description options;
  const auto add = [&](const char* name, std::string& to, const char* value, const char* doc) {
    options.add_options()(name, po::value(&to)->value_name(value), doc);
  };
  add("protocol", call.protocol, "NAME", "only this protocol of the scenario, by its label");
  add("transactions", call.transactions, "N", "how many are simulated under each protocol");
  add("seed", call.seed, "N", "seed of every random draw, instead of the scenario's");
  options.add_options()("formula", po::value(&call.formulas)->value_name("MODEL"),
                        "hold this formula against the engines too, whether or not it describes "
                        "the scenario; may be repeated");
  options.add_options()("json", po::bool_switch(&call.json), "print one JSON document");
  return options;
}

const Model* model_named(const std::string& name) {
  if (const Model* model = find_model(name)) return model;
  std::vector<std::string_view> names;
  for (const Model* model : model_catalogue()) names.push_back(model->name);
  throw CallError("--formula: there is no model '" + name + "'" + choices(name, "models", names));
}

int status_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::agree: return 0;
    case Verdict::disagree: return 1;
    case Verdict::undecided: return 3;
  }
  return kExitInternal;
}

void print_text(const VerdictTable& table, const ScenarioFile& file) {
  const Style style(ColorChoice::automatic);
  const std::string& title = file.scenario.title;
  std::string out = style.strong(title.empty() ? file.path : title) + "\n";
  for (const ProtocolVerdicts& protocol : table.protocols)
    out += "\n" + verdict_report_text(protocol, style);
  out += "\nverdict: " + std::string(name(table.verdict())) +
         "; all intervals hold together with " + fixed(table.family_level * 100, 0) + " %\n";
  write_output(out);
}

int verdict(const VerdictCall& call) {
  std::optional<ScenarioFile> file = load_or_explain(call.file);
  if (!file) return kExitUsage;
  Transactions& transactions = file->scenario.transactions;
  if (!call.transactions.empty())
    transactions.count = whole_number("transactions", call.transactions, 1, kMostTransactions);
  if (!call.seed.empty()) transactions.seed = whole_number("seed", call.seed, 0, UINT64_MAX);
  FourOptions options;
  options.protocol = call.protocol;
  for (const std::string& name : call.formulas) options.formulas.push_back(model_named(name));
  const VerdictTable table = four_verdicts(*file, options);
  if (table.protocols.empty())
    throw CallError("the scenario has no protocol called '" + call.protocol + "'");
  if (call.json)
    write_output(verdict_report_json(table, *file));
  else
    print_text(table, *file);
  return status_of(table.verdict());
}

}  // namespace

int verdict_command(const Arguments& arguments) {
  VerdictCall call;
  const Usage usage{"verdict", "FILE [options]",
                    "Answers a scenario with four engines from one protocol definition: closed "
                    "formulas, the exact\nMarkov chain, the simulation with its interval, and the "
                    "exploration of every run; says whether each\npair that can be compared "
                    "agrees. Exit status 0: nothing disagrees; 1: something does; 3: undecided.",
                    "verdict card_payment"};
  return with_call(usage, options_of(call), arguments, [&](const std::vector<std::string>& files) {
    if (files.size() != 1) throw CallError("one scenario file is wanted");
    call.file = files.front();
    return verdict(call);
  });
}

}  // namespace indoubt
