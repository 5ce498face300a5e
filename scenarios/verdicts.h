#pragma once
// The standing questions about every protocol: explored under five kinds of trouble.
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/explore/explorer.h"
#include "protocols/catalogue.h"
#include "scenarios/mistake_trials.h"

namespace indoubt {

/// A kind of trouble, as a budget.
struct VerdictSetting {
  std::string_view name;  ///< "crash-stop"
  std::string_view doc;   ///< one sentence
  Exploration budget;
};

/// Crash-stop with bounded delay, crash and recovery, loss, partition, asynchronous.
std::span<const VerdictSetting> verdict_settings();

/// Participants that are alike, messages that take one tick, every timer armed: those of a leader
/// that waits for answers three ticks, all others six.
Scenario verdict_scenario(int participants, const Machine& machine);

/// Explores `protocol` with these options under `setting`; votes are free, YES or NO.
ExploreReport explored_under(const ProtocolEntry& protocol, std::span<const int> options,
                             int participants, const Exploration& budget,
                             const ExplorerOptions& explorer);

/// The same with READ among the votes if the protocol takes it; if a bound is hit and the protocol
/// counts ballots, again with fewer of them followed, until all of that was looked at. What a
/// search before it met is kept: it is as near there. `setup.rounds` of the report tells how many
/// ballots its "never" is about.
ExploreReport explored_with_fewer_rounds(const ProtocolEntry& protocol,
                                         std::span<const int> options, int participants,
                                         const Exploration& budget, ExplorerOptions explorer);

/// The first of some small budgets under which a known-bad variant breaks the property that its
/// catalogue row names.
struct Refutation {
  const KnownBad* variant = nullptr;
  std::string budget;  ///< in words; empty: none of the budgets refutes it
  int participants = 0;
  Machine machine;
  Answer answer;  ///< with the shortest trace
  /// The protocol without the mistake, under the same budget and in as many moves.
  enum class Control : std::uint8_t { holds, fails, unknown };
  Control control = Control::holds;
};

/// The budgets that are tried, smaller ones first.
std::vector<Exploration> refuting_budgets();

/// Whether this budget and number of participants refute the variant; options of both uses are
/// those of the scenario that shows the mistake. Requires a variant that breaks one of AC1 to AC5.
/// With `apart`, only under a budget under which the protocol without the mistake is not seen to
/// fail as well.
std::optional<Refutation> refuted_under(const Trial& trial, int participants,
                                        const Exploration& budget, bool apart,
                                        const ExplorerOptions& explorer);
/// The first refutation, one that is apart if there is any.
Refutation refute(const Trial& trial, const ExplorerOptions& explorer);

/// "asynchronous; 1 crash, restarts": a budget in few words.
std::string words_of(const Exploration& budget);

}  // namespace indoubt
