// Generated: INDOUBT_REGENERATE=1 build/release/tests/test_closure --gtest_filter='*KnownPoints*'
// clang-format off
#include "protocols/known_points.h"

namespace indoubt {

namespace {

struct Known {
  std::string_view protocol, points;
};

constexpr Known kKnown[] = {
    {"3pc", R"(coordinator ABORT: deliver, force aborted, decide abort
coordinator COMMIT: deliver, force committed, decide commit
coordinator INQUIRY: deliver, send ABORT *4, send COMMIT *4, send REJOIN, send RESUME *3, force aborted, force committed, force pre-committed, force prepared, decide abort, decide commit
coordinator NO: deliver, send ABORT *3, force aborted, decide abort
coordinator PRE-COMMIT-ACK: deliver, send COMMIT *4, force committed, decide commit
coordinator REJOIN: deliver, send ABORT *4, send COMMIT *4, send RESUME *4, force aborted, force committed, force pre-committed, force prepared, decide abort, decide commit
coordinator RESUMED: deliver, send ABORT *4, send COMMIT *4, force aborted, force committed, decide abort, decide commit
coordinator STATE: deliver, send ABORT *3, send COMMIT *3, send PRE-COMMIT *3, force aborted, force committed, decide abort, decide commit
coordinator STATE-REQ: deliver, send ABORT *4, send STATE, send STATE-REQ *3, force aborted, decide abort
coordinator YES: deliver, send PRE-COMMIT *4
coordinator acks: send COMMIT *4, force committed, decide commit
coordinator commit: send STATE-REQ *3, force committed, log pre-committed, decide commit
coordinator decision: send INQUIRY *4
coordinator recovery: send ABORT *4, send COMMIT *4, send INQUIRY *4, force aborted, force committed, force pre-committed, force prepared, decide abort, decide commit
coordinator start: send PREPARE *4
coordinator states: send ABORT *3, send COMMIT *3, send PRE-COMMIT *2, force aborted, force committed, decide abort, decide commit
coordinator votes: send ABORT *4, force aborted, decide abort
participant ABORT: deliver, force aborted, decide abort
participant COMMIT: deliver, force committed, decide commit
participant INQUIRY: deliver, send ABORT *4, send COMMIT *4, send REJOIN, send RESUME *3, force aborted, force committed, force pre-committed, force prepared, decide abort, decide commit
participant PRE-COMMIT: deliver, send PRE-COMMIT-ACK, send STATE-REQ *3
participant PRE-COMMIT-ACK: deliver, send COMMIT *3, force committed, decide commit
participant PREPARE: deliver, send NO, send YES, prepare
participant REJOIN: deliver, send ABORT *4, send COMMIT *4, send RESUME *3, force aborted, force committed, force pre-committed, force prepared, decide abort, decide commit
participant RESUME: deliver, send ABORT, send COMMIT, send RESUMED, force pre-committed, force prepared
participant RESUMED: deliver, send ABORT *4, send COMMIT *4, force aborted, force committed, decide abort, decide commit
participant STATE: deliver, send ABORT *3, send COMMIT *3, send PRE-COMMIT *3, force aborted, force committed, decide abort, decide commit
participant STATE-REQ: deliver, send STATE, send STATE-REQ *3
participant acks: send COMMIT *3, force committed, decide commit
participant commit: send STATE-REQ *3, force committed, log pre-committed, decide commit
participant decision: send INQUIRY *4, send STATE-REQ *3, force aborted, log prepared, decide abort
participant prepared: send NO, send YES, force prepared, log aborted, decide abort, vote NO, vote YES
participant recovery: send ABORT *4, send COMMIT *4, send INQUIRY *4, force aborted, force committed, force pre-committed, force prepared, decide abort, decide commit
participant states: send ABORT *3, send COMMIT *3, send PRE-COMMIT *2, force aborted, force committed, decide abort, decide commit
)"},
    {"3pc-majority", R"(coordinator ABORT: deliver, force aborted, decide abort
coordinator COMMIT: deliver, force committed, decide commit
coordinator INQUIRY: deliver, send ABORT *4, send COMMIT *4, send REJOIN, send RESUME *3, force aborted, force committed, force pre-committed, force prepared, decide abort, decide commit
coordinator NO: deliver, send ABORT *4, send PRE-COMMIT *4, force aborted, decide abort
coordinator PRE-COMMIT-ACK: deliver, send COMMIT *4, force committed, decide commit
coordinator REJOIN: deliver, send ABORT *4, send COMMIT *4, send RESUME *4, force aborted, force committed, force pre-committed, force prepared, decide abort, decide commit
coordinator RESUMED: deliver, send ABORT *4, send COMMIT *4, force aborted, force committed, decide abort, decide commit
coordinator STATE: deliver, send ABORT *3, send COMMIT *3, send PRE-COMMIT *3, force aborted, force committed, decide abort, decide commit
coordinator STATE-REQ: deliver, send ABORT *4, send STATE, send STATE-REQ *3, force aborted, decide abort
coordinator YES: deliver, send PRE-COMMIT *4
coordinator acks: send COMMIT *4, force committed, decide commit
coordinator commit: send STATE-REQ *3, force committed, log pre-committed, decide commit
coordinator decision: send INQUIRY *4
coordinator recovery: send ABORT *4, send COMMIT *4, send INQUIRY *4, force aborted, force committed, force pre-committed, force prepared, decide abort, decide commit
coordinator start: send PREPARE *4
coordinator states: send ABORT *3, send COMMIT *3, send PRE-COMMIT *2, force aborted, force committed, decide abort, decide commit
coordinator votes: send ABORT *4, send PRE-COMMIT *4, force aborted, decide abort
participant ABORT: deliver, force aborted, decide abort
participant COMMIT: deliver, force committed, decide commit
participant INQUIRY: deliver, send ABORT *4, send COMMIT *4, send REJOIN, send RESUME *3, force aborted, force committed, force pre-committed, force prepared, decide abort, decide commit
participant PRE-COMMIT: deliver, send PRE-COMMIT-ACK, send STATE-REQ *3
participant PRE-COMMIT-ACK: deliver, send COMMIT *3, force committed, decide commit
participant PREPARE: deliver, send NO, send YES, prepare
participant REJOIN: deliver, send ABORT *4, send COMMIT *4, send RESUME *3, force aborted, force committed, force pre-committed, force prepared, decide abort, decide commit
participant RESUME: deliver, send ABORT, send COMMIT, send RESUMED, force pre-committed, force prepared
participant RESUMED: deliver, send ABORT *4, send COMMIT *4, force aborted, force committed, decide abort, decide commit
participant STATE: deliver, send ABORT *3, send COMMIT *3, send PRE-COMMIT *3, force aborted, force committed, decide abort, decide commit
participant STATE-REQ: deliver, send STATE, send STATE-REQ *3
participant acks: send COMMIT *3, force committed, decide commit
participant commit: send STATE-REQ *3, force committed, log pre-committed, decide commit
participant decision: send INQUIRY *4, send STATE-REQ *3, force aborted, log prepared, decide abort
participant prepared: send NO, send YES, force prepared, log aborted, decide abort, vote NO, vote YES
participant recovery: send ABORT *4, send COMMIT *4, send INQUIRY *4, force aborted, force committed, force pre-committed, force prepared, decide abort, decide commit
participant states: send ABORT *3, send COMMIT *3, send PRE-COMMIT *2, force aborted, force committed, decide abort, decide commit
)"},
    {"3pc-decentralised", R"(coordinator ABORT: deliver, force aborted, decide abort
coordinator COMMIT: deliver, force committed, decide commit
coordinator INQUIRY: deliver, send ABORT *4, send COMMIT *4, send REJOIN, send RESUME *4, force aborted, force committed, force pre-committed, force prepared, decide abort, decide commit
coordinator NO: deliver, force aborted, decide abort
coordinator PRE-COMMIT: deliver, send COMMIT *4, send PRE-COMMIT *4, force committed, decide commit
coordinator REJOIN: deliver, send ABORT *4, send COMMIT *4, send RESUME *3, force aborted, force committed, force pre-committed, force prepared, decide abort, decide commit
coordinator RESUMED: deliver, send ABORT *4, send COMMIT *4, force aborted, force committed, decide abort, decide commit
coordinator STATE: deliver, send ABORT *4, send COMMIT *4, send PRE-COMMIT *4, force aborted, force committed, decide abort, decide commit
coordinator STATE-REQ: deliver, send STATE, send STATE-REQ *3
coordinator YES: deliver, send PRE-COMMIT *4
coordinator acks: send COMMIT *4, force committed, decide commit
coordinator commit: send STATE-REQ *4, force committed, log pre-committed, decide commit
coordinator decision: send INQUIRY *4, send STATE-REQ *4, force aborted, log prepared, decide abort
coordinator recovery: send ABORT *4, send COMMIT *4, send INQUIRY *4, force aborted, force committed, force pre-committed, force prepared, decide abort, decide commit
coordinator start: send PREPARE *4
coordinator states: send ABORT *4, send COMMIT *4, send PRE-COMMIT *3, force aborted, force committed, decide abort, decide commit
participant ABORT: deliver, force aborted, decide abort
participant COMMIT: deliver, force committed, decide commit
participant INQUIRY: deliver, send ABORT *4, send COMMIT *4, send REJOIN, send RESUME *3, force aborted, force committed, force pre-committed, force prepared, decide abort, decide commit
participant NO: deliver, force aborted, decide abort
participant PRE-COMMIT: deliver, send COMMIT *3, send PRE-COMMIT *4, force committed, decide commit
participant PREPARE: deliver, prepare
participant REJOIN: deliver, send ABORT *4, send COMMIT *4, send RESUME *3, force aborted, force committed, force pre-committed, force prepared, decide abort, decide commit
participant RESUME: deliver, send ABORT, send COMMIT, send RESUMED, force pre-committed, force prepared
participant RESUMED: deliver, send ABORT *4, send COMMIT *4, force aborted, force committed, decide abort, decide commit
participant STATE: deliver, send ABORT *3, send COMMIT *3, send PRE-COMMIT *3, force aborted, force committed, decide abort, decide commit
participant STATE-REQ: deliver, send STATE, send STATE-REQ *3
participant YES: deliver, send PRE-COMMIT *4, force committed, decide commit
participant acks: send COMMIT *3, force committed, decide commit
participant commit: send STATE-REQ *3, force committed, log pre-committed, decide commit
participant decision: send INQUIRY *4, send STATE-REQ *3, force aborted, log prepared, decide abort
participant prepared: send NO *4, send PRE-COMMIT *4, send YES *4, force committed, force prepared, log aborted, decide abort, decide commit, vote NO, vote YES
participant recovery: send ABORT *4, send COMMIT *4, send INQUIRY *4, force aborted, force committed, force pre-committed, force prepared, decide abort, decide commit
participant states: send ABORT *3, send COMMIT *3, send PRE-COMMIT *2, force aborted, force committed, decide abort, decide commit
)"},
    {"3pc-quorum", R"(coordinator ABORT: deliver, force aborted, decide abort
coordinator COMMIT: deliver, force committed, decide commit
coordinator INQUIRY: deliver, send ABORT, send COMMIT
coordinator NO: deliver, send ABORT *3, force aborted, decide abort
coordinator PRE-ABORT-ACK: deliver, send ABORT *4, force aborted, decide abort
coordinator PRE-COMMIT-ACK: deliver, send COMMIT *4, force committed, decide commit
coordinator REFUSED: deliver, send ABORT *3, send COMMIT *4, send PRE-ABORT, send PRE-COMMIT *2, send STATE-REQ *4, force aborted, force committed, decide abort, decide commit
coordinator STATE: deliver, send ABORT *4, send COMMIT *4, send PRE-ABORT, send PRE-COMMIT *3, send STATE-REQ *4, force aborted, force committed, decide abort, decide commit
coordinator STATE-REQ: deliver, send ABORT *4, send REFUSED, send STATE, force aborted, decide abort
coordinator YES: deliver, send PRE-COMMIT *4, force pre-committed
coordinator acks: send STATE-REQ *4
coordinator commit: send STATE-REQ *4
coordinator recovery: send ABORT *4, send COMMIT *4, send INQUIRY *4, force aborted, decide abort
coordinator start: send PREPARE *4
coordinator states: send ABORT *4, send COMMIT *4, send PRE-ABORT, send PRE-COMMIT *3, send STATE-REQ *4, force aborted, force committed, decide abort, decide commit
coordinator votes: send ABORT *4, force aborted, decide abort
participant ABORT: deliver, force aborted, decide abort
participant COMMIT: deliver, force committed, decide commit
participant INQUIRY: deliver, send ABORT, send COMMIT
participant PRE-ABORT: deliver, send PRE-ABORT-ACK, force pre-aborted
participant PRE-ABORT-ACK: deliver, send ABORT *4, force aborted, decide abort
participant PRE-COMMIT: deliver, send PRE-COMMIT-ACK, force pre-committed
participant PRE-COMMIT-ACK: deliver, send COMMIT *4, force committed, decide commit
participant PREPARE: deliver, send NO, send YES, prepare
participant REFUSED: deliver, send ABORT *4, send COMMIT *4, send PRE-ABORT *3, send PRE-COMMIT *3, send STATE-REQ *4, force aborted, force committed, force pre-aborted, force pre-committed, decide abort, decide commit
participant STATE: deliver, send ABORT *4, send COMMIT *4, send PRE-ABORT *3, send PRE-COMMIT *3, send STATE-REQ *4, force aborted, force committed, force pre-aborted, force pre-committed, decide abort, decide commit
participant STATE-REQ: deliver, send REFUSED, send STATE, force aborted, decide abort
participant acks: send STATE-REQ *4
participant commit: send STATE-REQ *4
participant decision: send STATE-REQ *4
participant prepared: send NO, send YES, force prepared, log aborted, decide abort, vote NO, vote YES
participant recovery: send INQUIRY *4, force aborted, decide abort
participant states: send ABORT *4, send COMMIT *4, send PRE-ABORT *3, send PRE-COMMIT *3, send STATE-REQ *4, force aborted, force committed, force pre-aborted, force pre-committed, decide abort, decide commit
)"},
    {"e3pc", R"(coordinator ABORT: deliver, force aborted, decide abort
coordinator COMMIT: deliver, force committed, decide commit
coordinator INQUIRY: deliver, send ABORT, send COMMIT
coordinator NO: deliver, send ABORT *2, force aborted, decide abort
coordinator PRE-ABORT: deliver, send PRE-ABORT-ACK, force pre-aborted
coordinator PRE-ABORT-ACK: deliver, send ABORT *3, force aborted, decide abort
coordinator PRE-COMMIT: deliver, send PRE-COMMIT-ACK, force pre-committed
coordinator PRE-COMMIT-ACK: deliver, send COMMIT *3, force committed, decide commit
coordinator REFUSED: deliver, send PRE-ABORT *2, send PRE-COMMIT *2, send STATE-REQ *3, force pre-aborted, force pre-committed
coordinator STATE: deliver, send ABORT *3, send COMMIT *3, send PRE-ABORT *3, send PRE-COMMIT *3, send STATE-REQ *3, force aborted, force committed, force pre-aborted, force pre-committed, decide abort, decide commit
coordinator STATE-REQ: deliver, send ABORT *3, send REFUSED, send STATE, force aborted, force pre-aborted, force pre-committed, decide abort
coordinator YES: deliver, send PRE-COMMIT *3, force pre-committed
coordinator acks: send STATE-REQ *3, force pre-aborted, force pre-committed
coordinator commit: send STATE-REQ *3, force pre-aborted, force pre-committed
coordinator recovery: send ABORT *3, send COMMIT *3, send INQUIRY *3, force aborted, decide abort
coordinator start: send PREPARE *3
coordinator states: send PRE-ABORT *2, send PRE-COMMIT *2, send STATE-REQ *3, force pre-aborted, force pre-committed
coordinator votes: send ABORT *3, force aborted, decide abort
participant ABORT: deliver, force aborted, decide abort
participant COMMIT: deliver, force committed, decide commit
participant INQUIRY: deliver, send ABORT, send COMMIT
participant PRE-ABORT: deliver, send PRE-ABORT-ACK, force pre-aborted
participant PRE-ABORT-ACK: deliver, send ABORT *3, force aborted, decide abort
participant PRE-COMMIT: deliver, send PRE-COMMIT-ACK, force pre-committed
participant PRE-COMMIT-ACK: deliver, send COMMIT *3, force committed, decide commit
participant PREPARE: deliver, send NO, send YES, prepare
participant REFUSED: deliver, send PRE-ABORT *2, send PRE-COMMIT *2, send STATE-REQ *3, force pre-aborted, force pre-committed, force prepared
participant STATE: deliver, send ABORT *3, send COMMIT *3, send PRE-ABORT *3, send PRE-COMMIT *3, send STATE-REQ *3, force aborted, force committed, force pre-aborted, force pre-committed, force prepared, decide abort, decide commit
participant STATE-REQ: deliver, send REFUSED, send STATE, force aborted, force pre-aborted, force pre-committed, force prepared, decide abort
participant acks: send STATE-REQ *3, force pre-aborted, force pre-committed
participant commit: send STATE-REQ *3, force pre-aborted, force pre-committed
participant decision: send STATE-REQ *3, force prepared
participant prepared: send NO, send YES, force prepared, log aborted, decide abort, vote NO, vote YES
participant recovery: send INQUIRY *3, force aborted, decide abort
participant states: send PRE-ABORT *2, send PRE-COMMIT *2, send STATE-REQ *3, force pre-aborted, force pre-committed, force prepared
)"},
    {"paxos-commit", R"(coordinator ABORT: deliver, log aborted, decide abort
coordinator COMMIT: deliver, log committed, decide commit
coordinator PHASE-1B: deliver, send PHASE-2A *3
coordinator PHASE-2B: deliver, send ABORT *3, send COMMIT *3, log aborted, log committed, decide abort, decide commit
coordinator decision: send PHASE-1A *3, send PHASE-2A *3, force leading
coordinator recovery: send ABORT *3, send COMMIT *3, send PHASE-1A *3, force leading
coordinator start: send PREPARE *3
coordinator votes: send PHASE-1A *3, force leading
participant ABORT: deliver, log aborted, decide abort
participant COMMIT: deliver, log committed, decide commit
participant PHASE-1B: deliver, send PHASE-2A *3
participant PHASE-2B: deliver, send ABORT *3, send COMMIT *3, log aborted, log committed, decide abort, decide commit
participant PREPARE: deliver, send NO *3, send YES *3, prepare
participant decision: send PHASE-1A *3, send PHASE-2A *3, force prepared
participant prepared: send NO *2, send YES *2, force prepared, log aborted, decide abort, vote NO, vote YES
participant recovery: send PHASE-1A *3, force prepared, log aborted, decide abort
acceptor NO: deliver, send PHASE-2B, force accepted
acceptor PHASE-1A: deliver, send PHASE-1B, force promised
acceptor PHASE-2A: deliver, send PHASE-1B, send PHASE-2B, force accepted
acceptor YES: deliver, send PHASE-2B, force accepted
)"},
    {"paxos-commit-fast", R"(coordinator ABORT: deliver, log aborted, decide abort
coordinator COMMIT: deliver, log committed, decide commit
coordinator PHASE-1B: deliver, send PHASE-2A *3
coordinator PHASE-2B: deliver, send ABORT *3, send COMMIT *3, log aborted, log committed, decide abort, decide commit
coordinator decision: send PHASE-1A *3, send PHASE-2A *3, force leading
coordinator recovery: send ABORT *3, send COMMIT *3, send PHASE-1A *3, force leading
coordinator start: send PREPARE *3
coordinator votes: send PHASE-1A *3, force leading
participant ABORT: deliver, log aborted, decide abort
participant COMMIT: deliver, log committed, decide commit
participant PHASE-1B: deliver, send PHASE-2A *3
participant PHASE-2B: deliver, send ABORT *3, send COMMIT *3, log aborted, log committed, decide abort, decide commit
participant PREPARE: deliver, send NO *3, send YES *3, prepare
participant decision: send PHASE-1A *3, send PHASE-2A *3, force prepared
participant prepared: send NO *2, send YES *2, force prepared, log aborted, decide abort, vote NO, vote YES
participant recovery: send PHASE-1A *3, force prepared, log aborted, decide abort
acceptor NO: deliver, send PHASE-2B *3, force accepted
acceptor PHASE-1A: deliver, send PHASE-1B, force promised
acceptor PHASE-2A: deliver, send PHASE-1B, send PHASE-2B, force accepted
acceptor YES: deliver, send PHASE-2B *4, force accepted
)"},
    {"inbac", R"(coordinator ABORT: deliver, force aborted, decide abort
coordinator COMMIT: deliver, force committed, decide commit
coordinator INQUIRY: deliver, send ABORT, send COMMIT
coordinator decision: send INQUIRY *4
coordinator recovery: send INQUIRY *4
coordinator start: send PREPARE *4
participant ABORT: deliver, send ABORT, force aborted, decide abort
participant COMMIT: deliver, send COMMIT, force committed, decide commit
participant HELP: deliver, send ABORT, send COMMIT, send HELPED, send NO, send RECOVERING, send REPORT *3, force aborted, decide abort
participant HELPED: deliver, send PHASE-1A *3, force promised
participant INQUIRY: deliver, send ABORT, send COMMIT, send NO, send RECOVERING, send REPORT *3, force aborted, decide abort
participant NO: deliver, send ABORT, send REPORT *3, force aborted, decide abort
participant PHASE-1A: deliver, send ABORT, send COMMIT, send PHASE-1B, force promised
participant PHASE-1B: deliver, send PHASE-2A *3, force accepted
participant PHASE-2A: deliver, send ABORT, send COMMIT, send PHASE-1B, send PHASE-2B, force accepted
participant PHASE-2B: deliver, send ABORT *3, send COMMIT *3, force aborted, force committed, decide abort, decide commit
participant PREPARE: deliver, prepare
participant RECOVERING: deliver, send PHASE-1A *3, force promised
participant REPORT: deliver, send COMMIT, send PHASE-1A *3, send REPORT, force aborted, force committed, force promised, decide abort, decide commit
participant YES: deliver, send COMMIT, send REPORT *3, force committed, decide commit
participant decision: send HELP *3, send HELPED *2, send INQUIRY *4, send PHASE-1A *3, send PHASE-2A *3, send REPORT *3, force promised
participant prepared: send ABORT, send COMMIT, send NO, send REPORT *3, send YES, force committed, force prepared, log aborted, decide abort, decide commit, vote NO, vote YES
participant recovery: send ABORT, send INQUIRY *4, send NO, send REPORT *3, force aborted, decide abort
participant votes: send REPORT *3
)"},
};

}  // namespace

std::string_view known_points(std::string_view protocol) {
  for (const Known& k : kKnown)
    if (k.protocol == protocol) return k.points;
  return {};
}

}  // namespace indoubt
