#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>

#include "cli/call.h"
#include "cli/fault_text.h"
#include "cli/format.h"
#include "cli/scenario_files.h"
#include "cli/table.h"
#include "cli/trace_log.h"
#include "scenarios/runner.h"
#include "scenarios/values.h"
#include "sim/engine/simulation.h"

namespace indoubt {
namespace {

struct TraceCall {
  std::string file, protocol;
  std::string transaction = "1", transactions, seed, limit = "1000";
  bool json = false;
};

const ProtocolUse& use_named(const Scenario& scenario, const std::string& label) {
  if (label.empty()) return scenario.protocols.front();
  std::string known;
  for (const ProtocolUse& use : scenario.protocols) {
    if (use.label == label) return use;
    known += (known.empty() ? "" : ", ") + use.label;
  }
  throw CallError("--protocol: the scenario runs no '" + label + "'; it runs: " + known);
}

std::string_view text_of(Conclusion c) {
  switch (c) {
    case Conclusion::commit: return "commit";
    case Conclusion::abort: return "abort";
    case Conclusion::blocked: return "no decision: blocked";
    case Conclusion::abandoned: return "no decision: abandoned";
    case Conclusion::unfinished: break;
  }
  return "no decision: unfinished";
}

/// What it knows, for those who do not know the words yet.
std::string explained(const TraceLog::Standing& s) {
  if (s.decided != Outcome::none) return "decided " + std::string(name(s.decided));
  if (s.down) return "down: what it had not written to its disk is gone";
  if (s.in_doubt()) return "in doubt: it voted YES and knows no decision";
  return s.vote ? "" : "has no decision";
}

std::string of_blocked(const TraceLog& log) {
  std::string names;
  for (const TraceLog::Standing& s : log.standings())
    if (s.in_doubt() && !s.down) names += (names.empty() ? "" : ", ") + s.site;
  if (names.empty()) return "";
  return "\n" + names +
         " can neither commit nor abort alone, since another may have done the\nother; nothing "
         "that "
         "can still happen brings the decision";
}

void print_standings(const TraceLog& log) {
  Table table({Table::Align::left, Table::Align::left, Table::Align::left});
  table.add({"at the end", "state", "decision"});
  for (const TraceLog::Standing& s : log.standings())
    table.add({s.site, s.down ? "-" : s.state, explained(s)});
  std::printf("%s\n", table.text(0).c_str());
}

/// "10ms", "10.25ms": with their points below each other, if there are any.
std::vector<std::string> times_of(const TraceLog& log) {
  std::vector<std::string> times;
  std::size_t longest = 0;  // from the point or the unit on
  const auto tail = [](const std::string& s) {
    return s.size() - s.find_first_not_of("0123456789");
  };
  bool any = false;
  for (const TraceLog::Row& row : log.rows()) {
    times.push_back(time_text(static_cast<double>(row.time.count())));
    longest = std::max(longest, tail(times.back()));
    any = any || times.back().find('.') != std::string::npos;
  }
  for (std::string& time : times)
    if (any) time.append(longest - tail(time), ' ');
  return times;
}

void print_text(const std::string& heading, const Scenario& scenario, const TraceLog& log,
                const Totals& totals, Conclusion conclusion, std::size_t limit) {
  std::printf("%s\n", heading.c_str());
  for (const Fault& f : scenario.faults) std::printf("fault: %s\n", fault_text(f).c_str());
  std::printf("\n");
  Table table({Table::Align::right, Table::Align::left, Table::Align::left, Table::Align::left});
  table.add({"time", "site", "event", "state"});
  const std::vector<std::string> times = times_of(log);
  for (std::size_t i = 0; i < std::min(limit, times.size()); ++i) {
    const TraceLog::Row& row = log.rows()[i];
    table.add({times[i], row.site, row.event, row.state});
  }
  std::printf("%s\n", table.text(0).c_str());
  if (times.size() > limit)
    std::printf("... and %s more events, the last at %s; --limit %zu shows them\n\n",
                grouped(times.size() - limit).c_str(),
                time_text(static_cast<double>(log.rows().back().time.count())).c_str(),
                times.size());
  print_standings(log);
  std::printf("%s%s\n", std::string(text_of(conclusion)).c_str(),
              conclusion == Conclusion::blocked ? of_blocked(log).c_str() : "");
  for (const Finding& f : totals.findings) {
    std::printf("violation of %s (%s) at %s: %s\n", std::string(name(f.property)).c_str(),
                std::string(textbook_number(f.property)).c_str(),
                time_text(static_cast<double>(f.at_ns)).c_str(), f.explanation.c_str());
  }
}

void print_json(const ProtocolUse& use, std::uint64_t transaction, std::uint64_t seed,
                const TraceLog& log, const Totals& totals, Conclusion conclusion) {
  nlohmann::ordered_json document;
  document["indoubt"] = "trace";
  document["protocol"] = use.label;
  document["transaction"] = transaction;
  document["seed"] = seed;
  document["outcome"] = text_of(conclusion);
  document["events"] = nlohmann::ordered_json::array();
  for (const TraceLog::Row& row : log.rows()) {
    document["events"].push_back({{"time_ns", row.time.count()},
                                  {"site", row.site},
                                  {"kind", row.detail},
                                  {"event", row.event},
                                  {"state", row.state}});
  }
  document["standings"] = nlohmann::ordered_json::array();
  for (const TraceLog::Standing& s : log.standings())
    document["standings"].push_back({{"site", s.site},
                                     {"state", s.state},
                                     {"decided", name(s.decided)},
                                     {"in_doubt", s.in_doubt()},
                                     {"down", s.down}});
  document["findings"] = nlohmann::ordered_json::array();
  for (const Finding& f : totals.findings) {
    document["findings"].push_back(
        {{"property", name(f.property)}, {"at_ns", f.at_ns}, {"explanation", f.explanation}});
  }
  write_output(document.dump(2) + "\n");
}

/// Tells of one transaction only.
class OneTransaction final : public Observer {
 public:
  OneTransaction(Observer& log, std::uint64_t number) : log_(log), number_(number) {}
  void on_work(const At& at, Duration request, Duration reply) override {
    if (is(at)) log_.on_work(at, request, reply);
  }
  void on_input(const At& at, const Input& in) override {
    if (is(at)) log_.on_input(at, in);
  }
  void on_effect(const At& at, const Effect& e, std::span<const ProcessId> members) override {
    if (is(at)) log_.on_effect(at, e, members);
  }
  void on_durable(const At& at, RecordWord record) override {
    if (is(at)) log_.on_durable(at, record);
  }
  void on_loss(const At& at, ProcessId to, Message m, Loss why) override {
    if (is(at)) log_.on_loss(at, to, m, why);
  }
  void on_crash(const At& at) override {
    if (is(at)) log_.on_crash(at);
  }
  void on_restart(const At& at) override {
    if (is(at)) log_.on_restart(at);
  }
  void on_mishap(const At& at, ProcessId to, Message m, Mishap what, Duration time) override {
    if (is(at)) log_.on_mishap(at, to, m, what, time);
  }
  void on_fault(const At& at, std::size_t fault, bool begins) override {
    if (is(at)) log_.on_fault(at, fault, begins);
  }
  void on_verdict(const At& at, Outcome o) override {
    if (is(at)) log_.on_verdict(at, o);
  }
  void on_decision_read(const At& at, Outcome o) override {
    if (is(at)) log_.on_decision_read(at, o);
  }
  void on_state(const At& at, std::string_view state) override {
    if (is(at)) log_.on_state(at, state);
  }
  void on_end(const At& at, Conclusion conclusion) override {
    if (is(at)) conclusion_ = conclusion;
  }
  Conclusion conclusion() const { return conclusion_; }

 private:
  bool is(const At& at) const { return at.transaction == number_; }
  Observer& log_;
  std::uint64_t number_;
  Conclusion conclusion_ = Conclusion::unfinished;
};

/// Requires a transaction of the run: what a longer run would do is another question.
void check_number(std::uint64_t transaction, std::uint64_t count) {
  if (transaction <= count) return;
  throw CallError("--transaction: the run has no transaction " + std::to_string(transaction) +
                  "; allowed: 1 to " + std::to_string(count) +
                  ", or more with --transactions, as in a longer run");
}

/// Transactions of the run that the traced one is part of.
std::uint64_t count_of(const TraceCall& call, const Scenario& scenario) {
  return call.transactions.empty() ? scenario.transactions.count
                                   : whole_number("transactions", call.transactions, 1, UINT64_MAX);
}

int trace(const TraceCall& call) {
  const std::uint64_t transaction =
      whole_number("transaction", call.transaction, 1, kMostTransactions);
  std::optional<ScenarioFile> file = load_or_explain(call.file);
  if (!file) return kExitUsage;
  Scenario& scenario = file->scenario;
  const ProtocolUse& use = use_named(scenario, call.protocol);
  scenario.client.reset();  // an attempt is a transaction by itself
  const Machine machine = machine_for_use(use, scenario);
  TraceLog log(scenario, machine);
  OneTransaction chosen(log, transaction);
  SimulationOptions options;
  options.seed = call.seed.empty() ? scenario.transactions.seed
                                   : whole_number("seed", call.seed, 0, UINT64_MAX);
  const std::uint64_t count = count_of(call, scenario);
  check_number(transaction, count);
  if (scenario.transactions.sites == Sites::shared) {
    options.count = count;  // what it meets on its sites is theirs
  } else {
    options.first = transaction;
  }
  options.observer = &chosen;
  Totals totals = simulate(scenario, machine, options);
  std::erase_if(totals.findings, [&](const Finding& f) { return f.transaction != transaction; });
  if (call.json) {
    print_json(use, transaction, options.seed, log, totals, chosen.conclusion());
  } else {
    print_text("transaction " + std::to_string(transaction) + " under " + use.label + ", seed " +
                   std::to_string(options.seed),
               scenario, log, totals, chosen.conclusion(),
               whole_number("limit", call.limit, 1, UINT64_MAX));
  }
  return kExitOk;
}

}  // namespace

int trace_command(const Arguments& arguments) {
  namespace po = boost::program_options;
  const Usage usage{
      "trace", "FILE [options]",
      "Runs one transaction of a scenario and prints what happens in it, in the order "
      "of virtual time. It is the same transaction as in `indoubt run`.",
      "trace card_payment --transaction 17"};
  TraceCall call;
  po::options_description options;
  const auto add = [&](const char* name, const po::value_semantic* value, const char* doc) {
    options.add_options()(name, value, doc);
  };
  add("transaction", po::value(&call.transaction)->value_name("T"), "its number (=1)");
  add("protocol", po::value(&call.protocol)->value_name("NAME"),
      "which of the scenario's protocols (=the first)");
  add("seed", po::value(&call.seed)->value_name("N"), "instead of the scenario's");
  add("transactions", po::value(&call.transactions)->value_name("N"),
      "of the run, instead of the scenario's: on shared sites they meet");
  add("limit", po::value(&call.limit)->value_name("N"), "most events that are printed (=1000)");
  add("json", po::bool_switch(&call.json), "print one JSON document");
  return with_call(usage, options, arguments, [&](const std::vector<std::string>& files) {
    if (files.size() != 1) throw CallError("one scenario file is wanted");
    call.file = files.front();
    return trace(call);
  });
}

}  // namespace indoubt
