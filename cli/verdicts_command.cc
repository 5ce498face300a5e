#include <array>
#include <cstdio>

#include "cli/call.h"
#include "cli/explore_report.h"
#include "cli/format.h"
#include "cli/library.h"
#include "cli/protocol_named.h"
#include "cli/refutation_text.h"
#include "cli/table.h"
#include "scenarios/verdicts.h"
#include "sim/measures/measure.h"

namespace indoubt {
namespace {

/// Enough for nearly every protocol with two participants; a fixed number, so that the table does
/// not depend on the machine.
constexpr std::uint64_t kMostWorlds = 2'500'000;
constexpr int kExitIncomplete = 3;

struct VerdictsCall {
  std::string protocol, participants = "2", states;
  bool markdown = false, mistakes = false, traces = false;
};

std::string cell(const Answer& a, std::uint32_t rounds) {
  const std::string verdict = verdict_text(a);
  if (verdict == "VIOLATED") return verdict + " (" + std::to_string(a.depth) + ")";
  if (verdict == "incomplete" && a.holds_within_rounds)
    return (a.form == PropertyForm::report ? "never to " : "holds to ") + std::to_string(rounds);
  if (verdict == "incomplete") return "?";
  if (verdict == "yes") return "yes (" + std::to_string(a.depth) + ")";
  return verdict;
}

ExplorerOptions explorer_of(const VerdictsCall& call, bool traces) {
  ExplorerOptions options;
  options.bounds.states =
      call.states.empty() ? kMostWorlds : whole_number("states", call.states, 1, UINT64_MAX);
  options.traces = traces;
  return options;
}

constexpr std::array<std::string_view, 12> kHeader = {
    "protocol",         "N",      "AC1",   "AC2",   "AC3", "AC4", "AC5", "ever blocked",
    "blocked for good", "commit", "abort", "worlds"};

struct Row {
  std::vector<std::string> cells;
  int status = kExitOk;
};

/// A protocol that cannot be explored: no verdicts, and why in the place of the worlds.
Row row_of_problems(std::vector<std::string> cells, const ExploreReport& r) {
  cells.resize(kHeader.size() - 1, "-");
  cells.push_back("cannot be explored: " + r.problems.front());
  return {std::move(cells), kExitUsage};
}

Row row_of(const ProtocolEntry& entry, int participants, const VerdictSetting& setting,
           ExplorerOptions options) {
  std::vector<std::string> cells = {std::string(entry.name), std::to_string(participants)};
  ExploreProgress progress;
  progress.begin(std::string(setting.name) + ", " + std::string(entry.name));
  options.progress = [&progress](const SearchProgress& at) {
    progress.show(at);
    return true;
  };
  const ExploreReport r = explored_with_fewer_rounds(entry, standard_options(entry), participants,
                                                     setting.budget, options);
  progress.end();
  if (!r.problems.empty()) return row_of_problems(std::move(cells), r);
  bool answered = false;
  for (const Answer& a : r.answers) {
    cells.push_back(cell(a, r.setup.rounds));
    answered = answered || cells.back() != "?";
  }
  cells.push_back(grouped(r.search.states) + (incomplete(r.search.stop) ? " and more" : ""));
  return {std::move(cells), answered ? kExitOk : kExitIncomplete};
}

std::string markdown_row(const std::vector<std::string>& cells) {
  std::string out = "|";
  for (const std::string& c : cells) out += " " + c + " |";
  return out + "\n";
}

/// Prints the table of one kind of trouble; the gravest status of its rows.
int print_setting(const VerdictSetting& setting, const VerdictsCall& call) {
  std::vector<std::string> header(kHeader.begin(), kHeader.end());
  std::string markdown =
      markdown_row(header) + markdown_row(std::vector<std::string>(header.size(), "---"));
  Table table(std::vector<Table::Align>(header.size(), Table::Align::left));
  table.add(header);
  int status = kExitOk;
  const ExplorerOptions options = explorer_of(call, false);
  const auto participants = static_cast<int>(whole_number("participants", call.participants, 1, 8));
  for (const ProtocolEntry& entry : protocol_catalogue()) {
    if (!call.protocol.empty() && entry.name != call.protocol) continue;
    const Row row = row_of(entry, participants, setting, options);
    if (call.markdown)
      markdown += markdown_row(row.cells);
    else
      table.add(row.cells);
    status = graver(status, row.status);
  }
  std::printf("## %s\n\n%s\n\n%s\n", setting.name.data(), setting.doc.data(),
              call.markdown ? markdown.c_str() : table.text(0).c_str());
  std::fflush(stdout);
  return status;
}

constexpr const char* kIntroduction = R"(# Verdicts

Every protocol with its standard options and %s participants that vote YES or NO freely, or READ where the protocol
takes it, every timer armed: each run of one transaction, as `indoubt verdicts --markdown` prints it. `holds`: in every
world. `VIOLATED (12)`: the shortest way takes 12 moves. `holds to %u`, `never to %u`: as long as there are
no ballots or elections above %u, which were not followed; to 1 where two are too many.
`?`: incomplete, a bound was hit (%s worlds), or such ballots might
help. `void`: the question does not arise. Ever blocked: a participant that is up can be in doubt with nothing but
a restart or the end of a partition to help; for good: not even these. Worlds that differ in nothing that matters
are one (see `reduction` in [scenario.md](scenario.md)).

Equal messages under way from one process to another are one: it arrives once, and one loss takes all copies. A way
under *loss* may so lose a message and its repetitions; `holds` there holds against that too. What is left out is that
a process gets the same message twice, both times after something that was sent later than the second copy: only a
handler that does not ignore repetitions could tell (`duplications` looks at it).

AC5 is violated where a participant that was never asked for its vote, since PREPARE was lost or never sent, waits for
ever (its option `unasked: abort` mends that), and under 2pc-prc also where a coordinator that went down before its
list was durable is back and knows of no transaction that it could decide.

)";

void print_introduction(const VerdictsCall& call) {
  std::printf(kIntroduction, call.participants.c_str(), kStandardRounds, kStandardRounds,
              kStandardRounds, grouped(explorer_of(call, false).bounds.states).c_str());
}

int print_mistakes(const VerdictsCall& call) {
  int missed = 0;
  Trials trials(library_place() + "/mistakes");
  for (const KnownBad& variant : known_bad_variants()) {
    if (!call.protocol.empty() && variant.protocol->name != call.protocol) continue;
    if (variant.mistake == nullptr || !variant.mistake->breaks) continue;
    const Refutation r = refute(trials.find(variant), explorer_of(call, call.traces));
    missed += r.budget.empty();
    std::printf("%s", refutation_text(r, call.traces).c_str());
    std::fflush(stdout);
  }
  return missed == 0 ? kExitOk : 1;
}

}  // namespace

int verdicts_command(const Arguments& arguments) {
  namespace po = boost::program_options;
  const Usage usage{"verdicts", "[options]",
                    "Explores every protocol under five kinds of trouble and prints what holds; "
                    "with --mistakes, the shortest way in which each known-bad variant fails. Exit "
                    "status 0: a violation is what the table reports, and no failure; 1: a "
                    "known-bad variant was not refuted; 2: a protocol cannot be explored; 3: none "
                    "of the questions about a protocol could be answered.",
                    "verdicts --protocol 3pc"};
  VerdictsCall call;
  po::options_description options;
  options.add_options()("protocol", po::value(&call.protocol)->value_name("NAME"), "only this one");
  options.add_options()("participants", po::value(&call.participants)->value_name("N"), "(2)");
  const std::string states = "most worlds of one exploration (" + grouped(kMostWorlds) + ")";
  options.add_options()("states", po::value(&call.states)->value_name("N"), states.c_str());
  options.add_options()("mistakes", po::bool_switch(&call.mistakes), "the known-bad variants");
  options.add_options()("traces", po::bool_switch(&call.traces), "with their shortest traces");
  options.add_options()("markdown", po::bool_switch(&call.markdown), "as docs/verdicts.md has it");
  return with_call(usage, options, arguments, [&](const std::vector<std::string>& words) {
    if (!words.empty()) throw CallError("no argument is wanted");
    if (!call.protocol.empty()) protocol_named(call.protocol);
    if (call.mistakes) return print_mistakes(call);
    print_introduction(call);
    int status = kExitOk;
    for (const VerdictSetting& setting : verdict_settings())
      status = graver(status, print_setting(setting, call));
    return status;
  });
}

}  // namespace indoubt
