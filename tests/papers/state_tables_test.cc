// Goal: the tables of termination and recovery, row by row. Each test quotes the rows it checks;
// step by step they are tested beside their protocols.
//
// BHG: Bernstein, Hadzilacos & Goodman, Concurrency Control and Recovery in Database Systems, 1987,
// ch. 7. Skeen, SIGMOD 1981 and Berkeley workshop 1982. Mohan, Lindsay & Obermarck, ACM TODS 11(4),
// 1986.
#include <gtest/gtest.h>

#include "tests/support/puppet.h"

namespace indoubt {
namespace {

constexpr std::string_view kFamily[] = {"2pc", "2pc-pra", "2pc-prc", "2pc-nprc"};
constexpr auto kAllLost = ~std::uint64_t{0};

/// Everything arrives; then, `rounds` times, time-outs expire, and what comes of each arrives:
/// those of who leads, or if nobody does those of who follows.
void settle(Puppet& w, int rounds = 6) {
  const auto arrive = [&] {
    while (!w.quiet()) w.deliver_number(0);
  };
  const auto expire = [&](std::initializer_list<std::string_view> timers) {
    bool any = false;
    for (int p = 0; p < w.processes(); ++p) {
      for (const std::string_view timer : timers) {
        if (w.down(p) || w.armed(p) != timer) continue;
        w.timeout(p, timer);
        arrive();
        any = true;
      }
    }
    return any;
  };
  arrive();
  for (; rounds > 0; --rounds)
    if (!expire({"acks", "states"})) expire({"decision", "commit"});
}

// ---- cooperative termination --------------------------------------------------------------------

/// Three participants were asked, and those before `silent` have voted YES.
Puppet asked(std::string_view protocol, int silent) {
  Puppet w(protocol, 3, {{"termination", "cooperative"}});
  w.start();
  for (const int p : {1, 2, 3}) w.deliver("PREPARE", 0, p);
  for (int p = 1; p < silent; ++p) w.prepared(p, true);
  return w;
}
void expect_all(const Puppet& w, Outcome outcome, std::initializer_list<int> of) {
  for (const int p : of) EXPECT_EQ(w.outcome(p), outcome) << p;
}

// BHG 7.4, C unreachable: "some reachable process is committed | commit".
TEST(CooperativeTerminationTable, CommittedCommits) {
  for (const std::string_view protocol : kFamily) {
    Puppet w = asked(protocol, 4);
    for (const int p : {1, 2, 3}) w.deliver("YES", p, 0);
    w.deliver("COMMIT", 0, 2);
    w.crash(0, kAllLost);
    settle(w);
    expect_all(w, Outcome::commit, {1, 2, 3});
  }
}

// "aborted, or voted NO | abort".
TEST(CooperativeTerminationTable, AbortedOrVotedNoAborts) {
  for (const std::string_view protocol : kFamily) {
    Puppet voted_no = asked(protocol, 3);
    voted_no.prepared(3, false);
    voted_no.crash(0, kAllLost);
    voted_no.drop("NO", 3, 0);
    settle(voted_no);
    expect_all(voted_no, Outcome::abort, {1, 2, 3});

    Puppet aborted = asked(protocol, 3);
    aborted.prepared(3, false);
    aborted.deliver("NO", 3, 0);
    aborted.deliver("ABORT", 0, 2);
    aborted.crash(0, kAllLost);
    aborted.crash(3, kAllLost);
    settle(aborted);
    expect_all(aborted, Outcome::abort, {1, 2});
  }
}

// The same row, of one that has aborted alone: back from a crash without a record. Where it may
// have voted READ it has nothing to say.
TEST(CooperativeTerminationTable, AbortedAloneAbortsUnlessItMayHaveRead) {
  for (const bool readers : {false, true}) {
    for (const std::string_view protocol : kFamily) {
      Group group{2, {}};
      group.readers = readers;
      Puppet w(protocol, group, {{"termination", "cooperative"}});
      w.start();
      for (const int p : {1, 2}) w.deliver("PREPARE", 0, p);
      w.prepared(2, true);
      w.recover(1);
      w.crash(0, kAllLost);
      settle(w);
      EXPECT_EQ(w.outcome(2), readers ? Outcome::none : Outcome::abort) << protocol;
    }
  }
}

// "not yet voted | it aborts, all abort".
TEST(CooperativeTerminationTable, NotYetVotedAborts) {
  for (const std::string_view protocol : kFamily) {
    Puppet w = asked(protocol, 3);
    w.crash(0, kAllLost);
    settle(w);
    expect_all(w, Outcome::abort, {1, 2, 3});
  }
}

// "none of these (all uncertain) | blocked".
TEST(CooperativeTerminationTable, AllUncertainIsBlocked) {
  for (const std::string_view protocol : kFamily) {
    Puppet w = asked(protocol, 4);
    w.crash(0, kAllLost);
    settle(w, 20);
    expect_all(w, Outcome::none, {1, 2, 3});
  }
}

// ---- termination by collected states ------------------------------------------------------------

/// 3PC of three; those before `silent` have voted YES, and if all have, PRE-COMMIT has reached
/// `reached`. Then the coordinator is gone.
Puppet three_phases(int silent, std::initializer_list<int> reached) {
  Puppet w("3pc", 3);
  w.start();
  for (const int p : {1, 2, 3}) w.deliver("PREPARE", 0, p);
  for (int p = 1; p < silent; ++p) w.prepared(p, true);
  for (int p = 1; silent > 3 && p <= 3; ++p) w.deliver("YES", p, 0);
  for (const int p : reached) w.deliver("PRE-COMMIT", 0, p);
  return w;
}

// Skeen (1981), TR1-TR4, "applied in this order": "any aborted | abort".
TEST(CollectedStatesTable, AnyAbortedAborts) {
  Puppet w = three_phases(3, {});
  w.prepared(3, false);
  w.crash(0, kAllLost);
  settle(w);
  expect_all(w, Outcome::abort, {1, 2, 3});
}

// "any committed | commit".
TEST(CollectedStatesTable, AnyCommittedCommits) {
  Puppet w = three_phases(4, {1, 2, 3});
  for (const int p : {1, 2, 3}) w.deliver("PRE-COMMIT-ACK", p, 0);
  w.deliver("COMMIT", 0, 3);
  w.crash(0, kAllLost);
  settle(w);
  expect_all(w, Outcome::commit, {1, 2, 3});
}

// "any not voted, or all uncertain | abort".
TEST(CollectedStatesTable, AnyNotVotedOrAllUncertainAborts) {
  for (const int silent : {3, 4}) {
    Puppet w = three_phases(silent, {});
    w.crash(0, kAllLost);
    settle(w);
    expect_all(w, Outcome::abort, {1, 2, 3});
  }
}

// "some committable (PC), rest uncertain | PRE-COMMIT to the uncertain ones, wait for their acks or
// time-outs, then commit".
TEST(CollectedStatesTable, SomeCommittableMovesTheRestAndCommits) {
  for (const int reached : {1, 2, 3}) {
    Puppet w = three_phases(4, {reached});
    w.crash(0, kAllLost);
    const int sent = w.sent();
    settle(w);
    expect_all(w, Outcome::commit, {1, 2, 3});
    const int moved = reached == 1 ? 2 : 1;  // the back-up P1 moves itself
    EXPECT_EQ(w.sent() - sent, 2 + 2 + moved + moved + 2) << "states, PRE-COMMIT, acks, COMMIT";
  }
}

// ---- termination by quorums ---------------------------------------------------------------------

/// Five sites of weight 1, all YES; PRE-COMMIT has reached `reached`; those of `gone` are down.
Puppet quorum(std::string_view protocol, std::initializer_list<int> reached,
              std::initializer_list<int> gone) {
  Puppet w(protocol, 4);
  w.start();
  for (const int p : {1, 2, 3, 4}) w.deliver("PREPARE", 0, p);
  for (const int p : {1, 2, 3, 4}) w.prepared(p, true);
  for (const int p : {1, 2, 3, 4}) w.deliver("YES", p, 0);
  for (const int p : reached) w.deliver("PRE-COMMIT", 0, p);
  for (const int p : gone) w.crash(p, kAllLost);
  return w;
}

// Skeen (1982), Vc = Va = 3 of 5, per connected component: "some PC, and weight of (W or PC) >= Vc
// | PRE-COMMIT; COMMIT after acks worth Vc"; "otherwise weight of (W or PA) >= Va | PRE-ABORT;
// ABORT after acks worth Va"; "otherwise | block".
TEST(QuorumTable, OfEachComponent) {
  Puppet commits = quorum("3pc-quorum", {3}, {0, 1});
  settle(commits, 12);
  expect_all(commits, Outcome::commit, {2, 3, 4});
  Puppet aborts = quorum("3pc-quorum", {}, {0, 1});
  settle(aborts, 12);
  expect_all(aborts, Outcome::abort, {2, 3, 4});
  for (const int reached : {1, 3}) {
    Puppet blocks = quorum("3pc-quorum", {reached}, {0, 1, 2});
    settle(blocks, 12);
    expect_all(blocks, Outcome::none, {3, 4});
  }
}

// Keidar & Dolev (1995): "if the component is a quorum and all members holding the largest
// Last_Attempt are PC: try to commit; a quorum otherwise: try to abort; no quorum: block. A
// connected quorum never blocks."
TEST(QuorumTable, OfEnhancedThreePhaseCommit) {
  Puppet commits = quorum("e3pc", {3}, {0, 1});
  settle(commits, 12);
  expect_all(commits, Outcome::commit, {2, 3, 4});
  Puppet aborts = quorum("e3pc", {1}, {0, 1});
  settle(aborts, 12);
  expect_all(aborts, Outcome::abort, {2, 3, 4});
  Puppet blocks = quorum("e3pc", {3}, {0, 1, 2});
  settle(blocks, 12);
  expect_all(blocks, Outcome::none, {3, 4});
}

// ---- recovery -----------------------------------------------------------------------------------

/// Two participants that have voted YES; the coordinator has both votes if `decided`.
Puppet voted(std::string_view protocol, bool decided,
             const std::vector<NamedOption>& options = {}) {
  Puppet w(protocol, 2, options);
  w.start();
  for (const int p : {1, 2}) w.deliver("PREPARE", 0, p);
  for (const int p : {1, 2}) w.prepared(p, true);
  for (int p = 1; decided && p <= 2; ++p) w.deliver("YES", p, 0);
  return w;
}
/// P1 votes YES, P2 NO, and the coordinator has decided.
Puppet refused(std::string_view protocol, const std::vector<NamedOption>& options = {}) {
  Puppet w(protocol, 2, options);
  w.start();
  for (const int p : {1, 2}) w.deliver("PREPARE", 0, p);
  w.prepared(1, true);
  w.prepared(2, false);
  w.deliver("YES", 1, 0);
  w.deliver("NO", 2, 0);
  return w;
}
/// What P1 decides when nothing but its question reaches the coordinator.
Outcome answered(Puppet w) {
  while (!w.quiet()) w.deliver_number(0, 0);
  w.timeout(1, "decision");
  while (!w.quiet()) w.deliver_number(0);
  return w.outcome(1);
}
bool resends(const Puppet& w, std::string_view decision) {
  return w.in_flight().find(decision) != std::string::npos && w.armed(0) == "acks";
}

// "C: nothing | PrN abort | PrA abort | PrC answer commit".
TEST(RecoveryTable, OfACoordinatorWithNothing) {
  for (const std::string_view protocol : {"2pc", "2pc-pra"}) {
    Puppet w = voted(protocol, false);
    w.recover(0, "none");
    EXPECT_EQ(w.outcome(0), Outcome::abort);
    EXPECT_EQ(answered(w), Outcome::abort);
  }
  Puppet w = voted("2pc-prc", true);
  w.recover(0, "none");
  EXPECT_EQ(answered(w), Outcome::commit);
}

// "C: start or participant list only | PrN abort, tell all | PrC abort, tell the listed, until
// acked".
TEST(RecoveryTable, OfACoordinatorWithAStartRecord) {
  Puppet presumed_nothing = voted("2pc", false, {{"start_record", "forced"}});
  presumed_nothing.recover(0, "started");
  Puppet presumed_commit = voted("2pc-prc", false);
  presumed_commit.recover(0, "started");
  for (Puppet* w : {&presumed_nothing, &presumed_commit}) {
    EXPECT_EQ(w->outcome(0), Outcome::abort);
    EXPECT_TRUE(resends(*w, "ABORT 0>1, ABORT 0>2")) << w->in_flight();
  }
}

// "C: commit without end | resend commit until acked | same | forget, answer commit".
TEST(RecoveryTable, OfACoordinatorThatHasCommitted) {
  for (const std::string_view protocol : {"2pc", "2pc-pra"}) {
    Puppet w = voted(protocol, true);
    w.recover(0, "committed");
    EXPECT_TRUE(resends(w, "COMMIT 0>1, COMMIT 0>2")) << w.in_flight();
    EXPECT_EQ(answered(w), Outcome::commit);
  }
  Puppet w = voted("2pc-prc", true);
  w.recover(0, "committed");
  EXPECT_TRUE(w.forgotten(0));
  EXPECT_EQ(answered(w), Outcome::commit);
}

// "C: abort without end | resend abort until acked | nothing to do | resend abort until acked".
TEST(RecoveryTable, OfACoordinatorThatHasAborted) {
  for (const std::string_view protocol : {"2pc", "2pc-prc"}) {
    Puppet w = refused(protocol);
    w.recover(0, "aborted");
    EXPECT_TRUE(resends(w, "ABORT 0>1")) << protocol << ": " << w.in_flight();
  }
  Puppet w = refused("2pc-pra", {{"abort_record", "unforced"}});
  while (!w.quiet()) w.deliver_number(0, 0);
  w.recover(0, "aborted");
  EXPECT_TRUE(w.quiet()) << w.in_flight();
  EXPECT_EQ(answered(w), Outcome::abort);
}

// "P: no prepared record | abort alone | same | same".
TEST(RecoveryTable, OfAParticipantWithoutAPreparedRecord) {
  for (const std::string_view protocol : kFamily) {
    Puppet w(protocol, 2);
    w.start();
    w.deliver("PREPARE", 0, 1);
    w.recover(1);
    EXPECT_EQ(w.outcome(1), Outcome::abort) << protocol;
  }
}

// "P: prepared, no outcome | ask; blocked until answered | ask; 'unknown' means abort | ask;
// 'unknown' means commit".
TEST(RecoveryTable, OfAPreparedParticipant) {
  for (const std::string_view protocol : kFamily) {
    Puppet w = voted(protocol, false);
    w.recover(1);
    EXPECT_NE(w.in_flight().find("INQUIRY 1>0"), std::string::npos) << protocol;
    EXPECT_EQ(w.outcome(1), Outcome::none) << protocol;
    Puppet blocked = w;
    blocked.crash(0, kAllLost);
    settle(blocked, 20);
    EXPECT_EQ(blocked.outcome(1), Outcome::none) << protocol;
  }
}

// "3PC participant: no YES on disk: abort alone. YES but no decision, with or without PRE-COMMIT:
// ask; never commit alone, since the others may have aborted after it failed."
TEST(RecoveryTable, OfAThreePhaseParticipant) {
  Puppet fresh("3pc", 3);
  fresh.start();
  fresh.deliver("PREPARE", 0, 1);
  fresh.recover(1);
  EXPECT_EQ(fresh.outcome(1), Outcome::abort);
  for (const bool reached : {false, true}) {
    Puppet w("3pc", 3, {{"pre_commit_record", "participants"}});
    w.start();
    for (const int p : {1, 2, 3}) w.deliver("PREPARE", 0, p);
    for (const int p : {1, 2, 3}) w.prepared(p, true);
    for (const int p : {1, 2, 3}) w.deliver("YES", p, 0);
    if (reached) w.deliver("PRE-COMMIT", 0, 1);
    w.recover(1);
    EXPECT_NE(w.in_flight().find("INQUIRY 1>0"), std::string::npos);
    for (const int p : {0, 2, 3}) w.crash(p, kAllLost);
    settle(w, 20);
    EXPECT_EQ(w.outcome(1), Outcome::none);
  }
}

}  // namespace
}  // namespace indoubt
