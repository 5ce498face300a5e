#include <array>
#include <cstdio>
#include <ctime>
#include <filesystem>

#include <boost/program_options.hpp>

#include "cli/call.h"
#include "cli/commands.h"
#include "cli/format.h"
#include "cli/interrupts.h"
#include "cli/progress.h"
#include "cli/render.h"
#include "cli/replay.h"
#include "cli/scenario_files.h"
#include "scenarios/quantity.h"
#include "scenarios/values.h"
#include "sim/latency/text.h"

namespace indoubt {
namespace {

namespace po = boost::program_options;

struct RunCall {
  std::string file, csv, color, interval;
  std::optional<std::uint64_t> seed, transactions, states;
  std::uint64_t first = 1;
  bool json = false, force = false;
};

auto* number_option(const char* name, std::uint64_t least, std::uint64_t most,
                    std::function<void(std::uint64_t)> set) {
  return po::value<std::string>()->value_name("N")->notifier(
      [=](const std::string& s) { set(whole_number(name, s, least, most)); });
}

auto* word_option(std::string& word, const char* standard) {
  return po::value(&word)->value_name("WORD")->default_value(standard);
}

po::options_description options_of(RunCall& call) {
  po::options_description options("Options");
  const auto add = [&](const char* name, const po::value_semantic* value, const char* doc) {
    options.add_options()(name, value, doc);
  };
  add("seed", number_option("seed", 0, kNoLimit, [&](auto n) { call.seed = n; }),
      "seed of every random draw, instead of the scenario's");
  add("transactions",
      number_option("transactions", 1, kMostTransactions, [&](auto n) { call.transactions = n; }),
      "how many under each protocol, instead of the scenario's");
  add("first", number_option("first", 1, kMostTransactions, [&](auto n) { call.first = n; }),
      "number of the first transaction (=1): with --transactions 1 one of them alone");
  add("states", number_option("states", 1, UINT32_MAX, [&](auto n) { call.states = n; }),
      "most states of a chain, where the scenario compares with `exact` (2,000,000)");
  add("json", po::bool_switch(&call.json), "print one JSON document instead of text");
  add("csv", po::value(&call.csv)->value_name("DIR"), "write CSV files into this directory too");
  add("force", po::bool_switch(&call.force), "let --csv overwrite files that are there");
  add("interval", word_option(call.interval, "wilson"),
      "of proportions: wilson or clopper-pearson");
  add("color", word_option(call.color, "auto"), "auto, always or never");
  return options;
}

ColorChoice color_of(const std::string& word) {
  static constexpr std::array<std::string_view, 3> kWords = {"auto", "always", "never"};
  return static_cast<ColorChoice>(one_of("color", word, kWords));  // in the order of ColorChoice
}

IntervalKind interval_of(const std::string& word) {
  static constexpr std::array<std::string_view, 2> kWords = {"wilson", "clopper-pearson"};
  return static_cast<IntervalKind>(one_of("interval", word, kWords));  // of IntervalKind
}

double cpu_seconds() {
  std::timespec t{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

RunResult run_with_progress(const ScenarioFile& file, RunOptions options) {
  Progress progress(file.scenario, stderr_is_terminal());
  const Interrupts interrupts;
  options.progress = [&](std::size_t protocol, const Totals& totals) {
    progress.update(protocol, totals);
    return !interrupts.noted();
  };
  return run_scenario(file, options);
}

void print_speed(const RunResult& result, double seconds) {
  std::uint64_t events = 0, transactions = 0;
  for (const ProtocolResult& p : result.protocols) {
    events += p.totals.events;
    transactions += p.totals.transactions;
  }
  std::fprintf(stderr, "%s, %s in %.2f s of CPU time\n",
               counted(transactions, "transaction").c_str(), counted(events, "event").c_str(),
               seconds);
}

/// What cannot be written is told before the run and not after it.
void prepare_csv(const std::string& directory, bool overwrite) {
  const std::string there = csv_files_in(directory);
  if (!overwrite && !there.empty())
    throw CallError("--csv: these files exist: " + there + "; --force overwrites them");
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error)
    throw CallError("--csv: cannot make the directory " + directory + ": " + error.message());
}

void print_result(const RunCall& call, const RunResult& result, const Style& style) {
  write_output(call.json ? render_json(result) : render_text(result, style));
  if (call.csv.empty()) return;
  const std::string problem = write_csv(result, call.csv);
  if (!problem.empty()) throw WriteError(problem);
}

/// Many transactions that never come to an end are rarely meant.
void print_unfinished(const RunResult& result) {
  constexpr std::uint64_t kMany = 100;  // one in so many
  const double horizon = static_cast<double>(result.file->scenario.transactions.horizon.count());
  for (const ProtocolResult& p : result.protocols) {
    if (p.totals.unfinished == 0 || p.totals.unfinished < p.totals.transactions / kMany) continue;
    std::fprintf(stderr,
                 "note: %s of %s transactions under %s had no decision at the horizon of %s, while "
                 "something still happened, like retries or inquiries (transactions.horizon)\n",
                 grouped(p.totals.unfinished).c_str(), grouped(p.totals.transactions).c_str(),
                 p.use->label.c_str(), time_text(horizon).c_str());
  }
}

void print_hints(const RunCall& call, const RunResult& result) {
  if (result.partial)
    std::fprintf(stderr, "interrupted: what there is stands above, marked as partial\n");
  if (call.json) return;
  std::string options;
  if (call.seed) options += " --seed " + std::to_string(*call.seed);
  if (call.transactions) options += " --transactions " + std::to_string(*call.transactions);
  if (call.first != 1) options += " --first " + std::to_string(call.first);
  if (call.states) options += " --states " + std::to_string(*call.states);
  if (call.interval != "wilson") options += " --interval " + call.interval;
  const std::string program = shell_word(program_name());
  std::fprintf(stderr,
               "next: %s run %s%s --json   for everything measured; %s list models   for what the "
               "formulas mean\n",
               program.c_str(), shell_word(call.file).c_str(), options.c_str(), program.c_str());
}

/// Numbers of transactions end somewhere.
void check_range(std::uint64_t first, std::uint64_t count) {
  const std::uint64_t most = kMostTransactions - count + 1;
  if (first > most)
    throw CallError("--first: from " + std::to_string(first) + " on there are not " +
                    counted(count, "transaction") + "; the last one is " +
                    std::to_string(kMostTransactions) + ", so --first is at most " +
                    std::to_string(most));
}

int run(const RunCall& call) {
  const Style style(color_of(call.color));
  RunOptions options;
  options.interval = interval_of(call.interval);
  options.first = call.first;
  if (call.states) options.most_states = *call.states;
  if (call.force && call.csv.empty()) throw CallError("--force goes with --csv DIR");
  std::optional<ScenarioFile> file = load_or_explain(call.file);
  if (!file) return kExitUsage;
  if (call.seed) file->scenario.transactions.seed = *call.seed;
  if (call.transactions) file->scenario.transactions.count = *call.transactions;
  check_range(call.first, file->scenario.transactions.count);
  if (!call.csv.empty()) prepare_csv(call.csv, call.force);

  const double begun = cpu_seconds();
  const RunResult result = run_with_progress(*file, options);
  const double seconds = cpu_seconds() - begun;
  print_result(call, result, style);
  print_unfinished(result);
  print_speed(result, seconds);
  print_hints(call, result);
  return static_cast<int>(result.status);
}

}  // namespace

int run_command(const Arguments& arguments) {
  RunCall call;
  const Usage usage{"run", "FILE [options]",
                    "Simulates a scenario and compares it with the models. FILE is a scenario "
                    "file, or the name of one\nin the library (indoubt list scenarios).",
                    "run card_payment --transactions 100_000 --seed 7"};
  return with_call(usage, options_of(call), arguments, [&](const std::vector<std::string>& files) {
    if (files.size() != 1)
      throw CallError(files.empty() ? "no scenario file is given"
                                    : "one scenario file is wanted, " +
                                          std::to_string(files.size()) + " are given");
    call.file = files.front();
    return run(call);
  });
}

}  // namespace indoubt
