#include <chrono>
#include <cstdio>

#include "cli/call.h"
#include "cli/format.h"
#include "cli/interrupts.h"
#include "cli/scenario_files.h"
#include "cli/terminal.h"
#include "cli/verdict_report.h"
#include "scenarios/suggestion.h"
#include "scenarios/values.h"

namespace indoubt {
namespace {

struct VerdictCall {
  std::string file, protocol, transactions, seed, states, worlds, memory = "4";
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
  add("states", call.states, "N", "most states of a chain (300,000)");
  add("worlds", call.worlds, "N", "most worlds of an exploration (400,000)");
  add("memory", call.memory, "GIB", "most memory of an exploration (4)");
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

constexpr int kExitIncomplete = 3, kExitInterrupted = 130;

int status_of(const VerdictTable& table) {
  if (table.partial) return kExitInterrupted;
  switch (table.verdict()) {
    case Verdict::agree: return table.whole() ? kExitOk : kExitIncomplete;
    case Verdict::disagree: return 1;
    case Verdict::undecided: return kExitIncomplete;
  }
  return kExitInternal;
}

/// A line on a terminal, not more often than five times a second.
class VerdictProgress {
 public:
  bool show(const std::string& doing) {
    const auto now = std::chrono::steady_clock::now();
    if (stderr_is_terminal() && now - last_ > std::chrono::milliseconds(200)) {
      std::fprintf(stderr, "\r\033[K%s", doing.c_str());
      last_ = now;
      shown_ = true;
    }
    return !interrupts_.noted();
  }
  ~VerdictProgress() {
    if (shown_) std::fprintf(stderr, "\r\033[K");
  }

 private:
  Interrupts interrupts_;
  std::chrono::steady_clock::time_point last_;
  bool shown_ = false;
};

VerdictTable answered(const ScenarioFile& file, FourOptions options) {
  VerdictProgress progress;
  options.progress = [&progress](const std::string& doing) { return progress.show(doing); };
  return four_verdicts(file, options);
}

FourOptions four_options(const VerdictCall& call) {
  FourOptions options;
  options.protocol = call.protocol;
  for (const std::string& name : call.formulas) options.formulas.push_back(model_named(name));
  if (!call.states.empty())
    options.most_states = whole_number("states", call.states, 1, UINT32_MAX);
  if (!call.worlds.empty())
    options.most_worlds = whole_number("worlds", call.worlds, 1, UINT64_MAX);
  options.memory_bytes = whole_number("memory", call.memory, 1, 4096) << 30;
  return options;
}

std::string conclusion_of(const VerdictTable& table) {
  std::string out = "\nverdict: " + std::string(name(table.verdict()));
  if (table.partial)
    out += ", of the protocols above: interrupted";
  else if (!table.whole())
    out += " as far as it goes: an exploration or a chain was cut off, see above";
  out += "; all intervals hold together with " + fixed(table.family_level * 100, 0) + " %\n";
  return out + transactions_wanted(table);
}

void print_text(const VerdictTable& table, const ScenarioFile& file) {
  const Style style(ColorChoice::automatic);
  const std::string& title = file.scenario.title;
  std::string out = style.strong(title.empty() ? file.path : title) + "\n";
  for (const ProtocolVerdicts& protocol : table.protocols)
    out += "\n" + verdict_report_text(protocol, style);
  out += conclusion_of(table);
  write_output(out);
}

int verdict(const VerdictCall& call) {
  std::optional<ScenarioFile> file = load_or_explain(call.file);
  if (!file) return kExitUsage;
  Transactions& transactions = file->scenario.transactions;
  if (!call.transactions.empty())
    transactions.count = whole_number("transactions", call.transactions, 1, kMostTransactions);
  if (!call.seed.empty()) transactions.seed = whole_number("seed", call.seed, 0, UINT64_MAX);
  const VerdictTable table = answered(*file, four_options(call));
  if (table.protocols.empty() && table.partial) {
    std::fprintf(stderr, "interrupted before any protocol was answered\n");
    return kExitInterrupted;
  }
  if (table.protocols.empty())
    throw CallError("the scenario has no protocol called '" + call.protocol + "'");
  if (call.json)
    write_output(verdict_report_json(table, *file));
  else
    print_text(table, *file);
  return status_of(table);
}

}  // namespace

int verdict_command(const Arguments& arguments) {
  VerdictCall call;
  const Usage usage{
      "verdict", "FILE [options]",
      "Answers a scenario with four engines from one protocol definition: closed "
      "formulas, the exact\nMarkov chain, the simulation with its interval, and the "
      "exploration of every run; says whether each\npair that can be compared "
      "agrees. Exit status 0: nothing disagrees; 1: something does; 3: undecided, "
      "or an exploration or a chain was cut off and measures are left out; 130: interrupted.",
      "verdict card_payment"};
  return with_call(usage, options_of(call), arguments, [&](const std::vector<std::string>& files) {
    if (files.size() != 1) throw CallError("one scenario file is wanted");
    call.file = files.front();
    return verdict(call);
  });
}

}  // namespace indoubt
