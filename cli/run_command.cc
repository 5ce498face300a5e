#include <atomic>
#include <csignal>
#include <cstdio>
#include <ctime>
#include <filesystem>

#include <boost/program_options.hpp>

#include "cli/call.h"
#include "cli/commands.h"
#include "cli/format.h"
#include "cli/progress.h"
#include "cli/render.h"
#include "cli/scenario_files.h"

namespace indoubt {
namespace {

namespace po = boost::program_options;

std::atomic<bool> interrupted{false};
static_assert(std::atomic<bool>::is_always_lock_free);

extern "C" void on_interrupt(int) { interrupted = true; }

struct RunCall {
  std::string file, csv, color = "auto", interval = "wilson";
  std::optional<std::uint64_t> seed, transactions;
  std::uint64_t first = 1;
  bool json = false;
};

po::options_description options_of(RunCall& call, bool& help) {
  po::options_description options("Options");
  options.add_options()("seed", po::value<std::string>()->notifier([&](const std::string& s) {
    call.seed = whole_number("seed", s, 0);
  }),
                        "seed of every random draw, instead of the scenario's")(
      "transactions", po::value<std::string>()->notifier([&](const std::string& s) {
        call.transactions = whole_number("transactions", s, 1);
      }),
      "how many under each protocol, instead of the scenario's")(
      "first", po::value<std::string>()->notifier([&](const std::string& s) {
        call.first = whole_number("first", s, 1);
      }),
      "number of the first transaction (1): with --transactions 1 one of them alone")(
      "json", po::bool_switch(&call.json), "print one JSON document instead of text")(
      "csv", po::value(&call.csv), "write CSV files into this directory too")(
      "interval", po::value(&call.interval), "of proportions: wilson or clopper-pearson")(
      "color", po::value(&call.color), "auto, always or never")("help", po::bool_switch(&help),
                                                                "this text");
  return options;
}

ColorChoice color_of(const std::string& word) {
  if (word == "always") return ColorChoice::always;
  if (word == "never") return ColorChoice::never;
  if (word == "auto") return ColorChoice::automatic;
  throw CallError("--color is auto, always or never, not '" + word + "'");
}

IntervalKind interval_of(const std::string& word) {
  if (word == "wilson") return IntervalKind::wilson;
  if (word == "clopper-pearson") return IntervalKind::clopper_pearson;
  throw CallError("--interval is wilson or clopper-pearson, not '" + word + "'");
}

double cpu_seconds() {
  std::timespec t{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

RunResult run_with_progress(const ScenarioFile& file, RunOptions options) {
  Progress progress(file.scenario, stderr_is_terminal());
  options.progress = [&](std::size_t protocol, const Totals& totals) {
    progress.update(protocol, totals);
    return !interrupted;
  };
  interrupted = false;
  auto* before = std::signal(SIGINT, on_interrupt);
  RunResult result = run_scenario(file, options);
  std::signal(SIGINT, before);
  return result;
}

void print_speed(const RunResult& result, double seconds) {
  std::uint64_t events = 0, transactions = 0;
  for (const ProtocolResult& p : result.protocols) {
    events += p.totals.events;
    transactions += p.totals.transactions;
  }
  std::fprintf(stderr, "%s transactions, %s events in %.2f s of CPU time\n",
               grouped(transactions).c_str(), grouped(events).c_str(), seconds);
}

/// A directory that cannot be made is told before the run and not after it.
void prepare_csv(const std::string& directory) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error)
    throw CallError("--csv: cannot make the directory " + directory + ": " + error.message());
}

int run(const RunCall& call) {
  const ColorChoice color = color_of(call.color);
  RunOptions options;
  options.interval = interval_of(call.interval);
  options.first = call.first;
  std::optional<ScenarioFile> file = load_or_explain(call.file);
  if (!file) return kExitUsage;
  if (call.seed) file->scenario.transactions.seed = *call.seed;
  if (call.transactions) file->scenario.transactions.count = *call.transactions;

  if (!call.csv.empty()) prepare_csv(call.csv);

  const double begun = cpu_seconds();
  const RunResult result = run_with_progress(*file, options);
  const double seconds = cpu_seconds() - begun;
  const std::string text =
      call.json ? render_json(result, call.first) : render_text(result, Style(color));
  std::fwrite(text.data(), 1, text.size(), stdout);
  if (std::fflush(stdout) != 0) throw std::runtime_error("cannot write the result to stdout");
  if (!call.csv.empty()) {
    const std::string problem = write_csv(result, call.csv);
    if (!problem.empty()) {
      std::fprintf(stderr, "indoubt: %s\n", problem.c_str());
      return kExitInternal;
    }
  }
  print_speed(result, seconds);
  if (result.partial)
    std::fprintf(stderr, "interrupted: what there is stands above, marked as partial\n");
  if (!call.json) {
    std::fprintf(stderr,
                 "next: %s run %s --json   for everything measured; list models   for what the "
                 "formulas mean\n",
                 program_name(), call.file.c_str());
  }
  return static_cast<int>(result.status);
}

}  // namespace

int run_command(const Arguments& arguments) {
  RunCall call;
  bool help = false;
  const po::options_description options = options_of(call, help);
  return with_call(
      "run", "indoubt run FILE [options]\n\nSimulates a scenario and compares it with the models.",
      options, arguments, help, [&](const std::vector<std::string>& files) {
        if (files.size() != 1)
          throw CallError(files.empty() ? "no scenario file is given"
                                        : "one scenario file is wanted, " +
                                              std::to_string(files.size()) + " are given");
        call.file = files.front();
        return run(call);
      });
}

}  // namespace indoubt
