#include "protocols/two_phase_commit.h"
#include "protocols/two_phase_entry.h"

namespace indoubt {

/// Two-phase commit, presumed abort: a transaction without a record has aborted, so an abort needs
/// neither forced records nor acks, and is forgotten at once.
///
/// Source: Mohan, Lindsay & Obermarck (1986), section 3.
/// Commit: as presumed nothing. Abort with v YES votes (waiting for all): 2 N + v messages, nothing
/// forced but the YES voters' prepared records; decided and forgotten after 2 delays, learnt
/// after 3. Sources differ on the coordinator's abort record: none here, or `abort_record`.
/// Without a list, a coordinator that is back without a record tells nobody: it answers.
/// Safe whatever fails; blocks like presumed nothing.
ProtocolEntry presumed_abort() {
  return two_phase::entry<PresumedAbort>("2pc-pra", "Two-phase commit, presumed abort.",
                                         "Mohan, Lindsay & Obermarck (1986), section 3");
}

}  // namespace indoubt
