#pragma once
#include "protocols/catalogue.h"

namespace indoubt {

/// Paxos Commit: `paxos-commit`.
ProtocolEntry paxos_commit();

/// Faster Paxos Commit, whose acceptors report to the participants: `paxos-commit-fast`.
ProtocolEntry faster_paxos_commit();

}  // namespace indoubt
