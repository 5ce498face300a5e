#include "protocols/two_phase_commit.h"
#include "protocols/two_phase_entry.h"

namespace indoubt {

/// Two-phase commit, new presumed commit: presumed commit without the list. The coordinator's log
/// bounds the transactions that may have been under way at a crash; those of them that are not
/// known to have committed have aborted, and are remembered so for ever. The bound is written once
/// for many transactions, `window`, and counted apart from what a transaction writes.
///
/// Source: Lampson & Lomet (1993). There the restarted coordinator, without a list, answers those
/// that ask (`recover_undecided: silent`); the default tells all, as under the other presumptions.
/// Commit: 3 N messages, coordinator 1 forced write, each participant 1 forced and 1 unforced;
/// decided and forgotten after 2 delays, learnt after 3.
/// Abort with v YES votes (waiting for all), derived: 2 N + 2 v messages; coordinator no write, a
/// YES voter 2 forced; forgotten after 4 delays.
/// Safe whatever fails; blocks like presumed nothing.
ProtocolEntry new_presumed_commit() {
  return two_phase::entry<NewPresumedCommit>("2pc-nprc", "Two-phase commit, new presumed commit.",
                                             "Lampson & Lomet (1993)");
}

}  // namespace indoubt
