#include "protocols/two_phase_commit.h"
#include "protocols/two_phase_entry.h"

namespace indoubt {

/// Two-phase commit, presumed commit: a transaction without a record has committed, so a commit
/// needs no acks; the participant list is forced before PREPARE, so that one under way is never
/// without a record.
///
/// Source: Mohan, Lindsay & Obermarck (1986), section 3; costs as in Lampson & Lomet (1993).
/// Commit: 3 N messages, coordinator 2 forced writes, each participant 1 forced and 1 unforced;
/// decided and forgotten after 2 delays and the list's force, learnt after 3 delays.
/// Abort with v YES votes (waiting for all), derived: 2 N + 2 v messages; coordinator 1 forced (the
/// list), abort and end unforced; a YES voter 2 forced, since it must never ask once it has
/// acknowledged; forgotten after 4 delays.
/// Safe whatever fails; blocks like presumed nothing.
ProtocolEntry presumed_commit() {
  return two_phase::entry<PresumedCommit>("2pc-prc", "Two-phase commit, presumed commit.",
                                          "Mohan, Lindsay & Obermarck (1986), section 3");
}

}  // namespace indoubt
