#include "protocols/two_phase_commit.h"

#include "protocols/two_phase_entry.h"

namespace indoubt {

/// Two-phase commit, presumed nothing: every outcome is forced, acknowledged and ended.
///
/// Source: Bernstein, Hadzilacos & Goodman (1987), ch. 7.4; acks and the end record as in R*
/// (Mohan, Lindsay & Obermarck 1986).
/// Commit: 4 N messages, coordinator 1 forced and 1 unforced write, each participant 2 forced;
/// decided after 2 delays, learnt after 3, forgotten after 4.
/// Abort with v YES votes (waiting for all): 2 N + 2 v messages.
/// Safe whatever fails. Blocks: an uncertain participant whose coordinator is down waits.
ProtocolEntry two_phase_commit() {
  return two_phase::entry<PresumedNothing>("2pc", "Two-phase commit, presumed nothing.",
                                           "Bernstein, Hadzilacos & Goodman (1987), ch. 7.4");
}

}  // namespace indoubt
