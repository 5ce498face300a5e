#pragma once
// Every world of one transaction within a budget of faults: what can happen, what cannot, and the
// shortest way to it.
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analysis/explore/behaviour.h"
#include "analysis/explore/search_result.h"
#include "sim/predicates/predicate.h"
#include "sim/scenario/exploration.h"
#include "sim/scenario/scenario.h"

namespace indoubt {

/// One move of a trace.
struct TraceStep {
  Move move = Move::start;
  ProcessId process = 0;  ///< who acts; part, heal, tick: nobody
  std::optional<MessageName> message;
  Tag detail = 0;           ///< prepared: the vote; timeout: the timer
  std::uint64_t split = 0;  ///< part: bit by process, one side
  bool crashes = false;     ///< the site goes down at the end of this move
  /// What the handler does before that, in order.
  Effects effects;
  int done = 0;            ///< effects that are done whole
  int sends_of_last = 0;   ///< single sends of the effect after them that leave before the crash
  std::string state;       ///< the textbook's name of the process's state afterwards; empty: down
  std::int64_t ticks = 0;  ///< since the beginning; 0 without clocks
};

struct ExploredTrace {
  std::vector<TraceStep> steps;
};

/// One question and its answer.
struct Answer {
  std::string name;  ///< a predicate's or measure's; "violation.termination", "ever_blocked", ...
  PropertyForm form = PropertyForm::never;
  bool met = false;      ///< some world has it (eventually: some world cannot come to it)
  bool complete = true;  ///< every world was looked at; otherwise "not met" is not known
  /// Not met in any world that is reached without ballots above the limit, and all of these were
  /// looked at: what is missing for `complete` are such ballots only.
  bool holds_within_rounds = false;
  bool is_void = false;  ///< the question does not arise in this budget; `note` says why
  int depth = -1;        ///< moves to the nearest such world
  std::uint64_t worlds = 0;
  std::vector<ProcessId> blocked;  ///< ever_blocked, blocked_at_end: who can be
  std::string note;
  std::optional<ExploredTrace> trace;  ///< to the nearest such world

  enum class Status : std::uint8_t { holds, fails, incomplete, is_void, reported };
  Status status() const;
};

struct ExplorerOptions {
  Bounds bounds;
  bool stop_at_violation = false;  ///< at the first level with one; others stay incomplete
  bool traces = true;
  std::uint32_t rounds = kStandardRounds;  ///< followed where the budget does not say
  ProgressReport progress;
};

struct ExploreReport {
  std::vector<std::string> problems;  ///< why nothing could be explored; all else is void then
  ExploreSetup setup;
  SearchResult search;
  std::vector<Answer> answers;
  int bits = 0, words = 0;         ///< of a world
  std::uint64_t handler_runs = 0;  ///< of the protocol, for all worlds together
  double seconds = 0;
  bool partial_order = false;  ///< worlds were left out because a process could go first
  bool rounds_cut = false;     ///< ballots above the limit were met and not followed
  std::string incomplete;      ///< which bound was hit and what to reduce; empty: none
};

/// The properties asked where a scenario names none: AC1 to AC5 never violated; whether somebody
/// can be blocked, and whether commit and abort can be reached, as a report.
std::vector<AskedProperty> standard_properties();

/// Explores `machine`, made for the scenario. `predicates`: the scenario's own. Memory and time
/// within options.bounds; a bound that is hit makes answers incomplete, never "holds".
ExploreReport explore(const Scenario& scenario, const Exploration& budget, const Machine& machine,
                      std::span<const NamedPredicate> predicates, const ExplorerOptions& options);

}  // namespace indoubt
