#pragma once
// What a predicate or an oracle sees of one transaction at one moment: its end in the simulator, a
// world in an explorer, a state of a chain. Engines fill it; nobody else looks into their records.
#include <cstdint>
#include <span>
#include <string_view>

#include "sim/process/outcome.h"
#include "sim/process/process_set.h"

namespace indoubt {

/// What a participant has voted so far.
enum class Voted : std::uint8_t { nothing, no, yes, read };

/// One process. What a crash does not undo is kept through it: decision, vote, doubt. One that has
/// voted READ has left the transaction: whatever its protocol does after a restart, when it may not
/// know its vote any more, engines say that it has decided and learnt nothing.
struct ProcessFacts {
  /// What it has decided, though its site may be down by now and it may know nothing of it; of one
  /// that has reversed its decision, the last.
  Outcome decision = Outcome::none;
  bool reversed = false;  ///< it had decided otherwise before
  /// The decision that it knows: taken, or about to be taken when its forced write is done. What it
  /// decided alone (heuristically) it has not learnt.
  Outcome learnt = Outcome::none;
  Voted voted = Voted::nothing;
  bool up = true;         ///< its site is
  bool in_doubt = false;  ///< it has sent YES, its force done, and has not learnt the decision
  /// Up, in doubt, and nothing that can still happen brings it a decision unless a site restarts or
  /// a cut heals.
  bool blocked = false;
  /// The textbook's name of its state, of static storage; empty while its site is down.
  std::string_view state;
  bool operator==(const ProcessFacts&) const = default;
};

/// Everything there is to see. Views of what an engine keeps, valid while that stays.
struct Facts {
  std::span<const ProcessFacts> processes;  ///< coordinator, participants, auxiliaries
  std::uint16_t participants = 0;           ///< >= 1; processes.size() > participants
  /// The decision of which the coordinator has forced a record, the write done. A crash keeps it,
  /// the loss of the log does not; a record that was only logged does not count.
  Outcome record = Outcome::none;
  /// Who votes READ has left the transaction. Not under a protocol whose participants all do so,
  /// because the coordinator alone keeps what they did (Machine::takes_read_only).
  bool readers_leave = true;

  const ProcessFacts& coordinator() const { return processes[kCoordinator]; }
  std::span<const ProcessFacts> all_participants() const {
    return processes.subspan(1, participants);
  }
};

/// The outcome of which a record of this name says that it was decided: "committed", "aborted". An
/// "end" record follows one of them and does not undo it.
constexpr Outcome decision_in(std::string_view record_name) {
  return record_name == "committed" ? Outcome::commit
         : record_name == "aborted" ? Outcome::abort
                                    : Outcome::none;
}

/// How many participants stand how: all that the built-in predicates need. An engine that counts as
/// it goes need not fill in Facts for them.
struct Standing {
  std::uint32_t participants = 0;
  std::uint32_t committed = 0, aborted = 0;  ///< have decided so, those that are down included
  std::uint32_t committed_up = 0;            ///< have committed and are up
  std::uint32_t aborted_up = 0;              ///< are up and have aborted or voted NO
  std::uint32_t learnt = 0;                  ///< know the decision
  std::uint32_t in_doubt = 0, blocked = 0;
  std::uint32_t yes = 0;      ///< have voted YES or READ
  std::uint32_t readers = 0;  ///< have voted READ and left the transaction
  Outcome coordinator = Outcome::none;
  Outcome record = Outcome::none;  ///< as in Facts
  /// Somebody other than a NO voter has aborted: NO voters abort whatever the others do.
  bool aborted_freely = false;
  bool reversed = false;  ///< some process has reversed its decision
  bool operator==(const Standing&) const = default;
};

/// O(processes), no heap.
Standing standing_of(const Facts& facts);

}  // namespace indoubt
