// Goal: every known mistake of the 2PC family breaks its property in a run worked by hand, and the
// protocol as it should be survives the same run.
#include <gtest/gtest.h>

#include "tests/support/puppet.h"

namespace indoubt {
namespace {

constexpr std::string_view kFamily[] = {"2pc", "2pc-pra", "2pc-prc", "2pc-nprc"};

/// Two participants that were asked.
Puppet asked(std::string_view protocol, std::string_view mistake,
             std::vector<NamedOption> options = {}) {
  options.push_back({"mistake", mistake});
  Puppet w(protocol, 2, options);
  w.start();
  for (const int p : {1, 2}) w.deliver("PREPARE", 0, p);
  return w;
}
Puppet voted(std::string_view protocol, std::string_view mistake,
             const std::vector<NamedOption>& options = {}) {
  Puppet w = asked(protocol, mistake, options);
  for (const int p : {1, 2}) w.prepared(p, true);
  return w;
}
Puppet committed(std::string_view protocol, std::string_view mistake,
                 const std::vector<NamedOption>& options = {}) {
  Puppet w = voted(protocol, mistake, options);
  for (const int p : {1, 2}) w.deliver("YES", p, 0);
  return w;
}
/// Whether two processes have decided differently (AC1).
bool split(const Puppet& w) {
  bool commit = false, abort = false;
  for (int p = 0; p < w.processes(); ++p) {
    commit |= w.outcome(p) == Outcome::commit;
    abort |= w.outcome(p) == Outcome::abort;
  }
  return commit && abort;
}

/// `run(protocol, mistake)` ends with two decisions under the mistake only.
template <class Run>
void only_the_mistake_splits(std::string_view protocol, std::string_view mistake, const Run& run) {
  EXPECT_TRUE(split(run(protocol, mistake))) << protocol << " " << mistake;
  EXPECT_FALSE(split(run(protocol, "none"))) << protocol << " without " << mistake;
}

TEST(TwoPhaseMistakes, VoteNotForced) {
  for (const std::string_view protocol : kFamily) {
    only_the_mistake_splits(protocol, "vote_not_forced",
                            [](std::string_view name, std::string_view mistake) {
                              Puppet w = committed(name, mistake);
                              w.recover(1);  // its YES was counted, and it knows nothing of it
                              return w;
                            });
  }
}

TEST(TwoPhaseMistakes, DecisionBeforeForce) {
  Puppet w = voted("2pc", "decision_before_force");
  w.deliver("YES", 1, 0);
  EXPECT_EQ(w.deliver("YES", 2, 0),
            "cancel votes; send COMMIT to 1 2; force committed; decide commit; set acks");
  // The crash comes between the two; the record is what was durable before.
  w.deliver("COMMIT", 0, 1);
  w.recover(0, "none");
  EXPECT_TRUE(split(w));
  Puppet correct = voted("2pc", "none");
  correct.deliver("YES", 1, 0);
  EXPECT_EQ(correct.deliver("YES", 2, 0),
            "cancel votes; force committed; decide commit; send COMMIT to 1 2; set acks")
      << "a crash before the record is one before COMMIT";
}

// Presumed commit: the record under which the list is lost is "none".
TEST(TwoPhaseMistakes, ListNotForced) {
  only_the_mistake_splits("2pc-prc", "list_not_forced",
                          [](std::string_view name, std::string_view mistake) {
                            Puppet w = asked(name, mistake);
                            w.prepared(1, true);
                            w.prepared(2, false);
                            w.recover(0);
                            w.timeout(1, "decision");
                            w.deliver("INQUIRY", 1, 0);
                            w.deliver(mistake == "none" ? "ABORT" : "COMMIT", 0, 1);
                            EXPECT_NE(w.outcome(1), Outcome::none);
                            return w;
                          });
}

TEST(TwoPhaseMistakes, AbortWhenUncertain) {
  for (const std::string_view protocol : kFamily) {
    only_the_mistake_splits(protocol, "abort_when_uncertain",
                            [](std::string_view name, std::string_view mistake) {
                              Puppet w = committed(name, mistake);
                              w.timeout(1, "decision");
                              return w;
                            });
  }
}

// AC5: with COMMIT to 2 lost and nobody asking, only the coordinator can repair it.
TEST(TwoPhaseMistakes, NoAckWait) {
  for (const auto* protocol : {"2pc", "2pc-pra"}) {
    for (const auto* mistake : {"no_ack_wait", "none"}) {
      Puppet w = committed(protocol, mistake, {{"uncertain", "off"}});
      w.drop("COMMIT", 0, 2);
      w.deliver("COMMIT", 0, 1);
      w.deliver("ACK", 1, 0);
      w.timeout(0, "acks");
      w.deliver("COMMIT", 0, 2);
      EXPECT_EQ(w.outcome(2) == Outcome::none, mistake != std::string("none"))
          << protocol << " " << mistake;
    }
  }
}

// "forgetting an aborted transaction under PrC before all acks", and a committed one under PrA.
TEST(TwoPhaseMistakes, ForgetBeforeAcks) {
  only_the_mistake_splits("2pc-pra", "forget_before_acks",
                          [](std::string_view name, std::string_view mistake) {
                            Puppet w = committed(name, mistake);
                            w.drop("COMMIT", 0, 2);
                            w.timeout(2, "decision");
                            w.deliver("INQUIRY", 2, 0);
                            w.deliver(mistake == "none" ? "COMMIT" : "ABORT", 0, 2);
                            EXPECT_NE(w.outcome(2), Outcome::none);
                            return w;
                          });
  for (const auto* prc : {"2pc-prc", "2pc-nprc"}) {
    only_the_mistake_splits(prc, "forget_before_acks",
                            [](std::string_view name, std::string_view mistake) {
                              Puppet w = voted(name, mistake);
                              w.timeout(0, "votes");
                              w.drop("ABORT", 0, 2);
                              w.timeout(2, "decision");
                              w.deliver("INQUIRY", 2, 0);
                              w.deliver(mistake == "none" ? "ABORT" : "COMMIT", 0, 2);
                              EXPECT_NE(w.outcome(2), Outcome::none);
                              return w;
                            });
  }
}

TEST(TwoPhaseMistakes, TheWrongAnswerAboutTheUnknown) {
  only_the_mistake_splits("2pc-pra", "unknown_means_commit",
                          [](std::string_view name, std::string_view mistake) {
                            Puppet w = voted(name, mistake);
                            w.timeout(0, "votes");
                            w.drop("ABORT", 0, 2);
                            w.timeout(2, "decision");
                            w.deliver("INQUIRY", 2, 0);
                            w.deliver(mistake == "none" ? "ABORT" : "COMMIT", 0, 2);
                            EXPECT_NE(w.outcome(2), Outcome::none);
                            return w;
                          });
  for (const auto* prc : {"2pc-prc", "2pc-nprc"}) {
    only_the_mistake_splits(prc, "unknown_means_abort",
                            [](std::string_view name, std::string_view mistake) {
                              Puppet w = committed(name, mistake);
                              w.drop("COMMIT", 0, 2);
                              w.timeout(2, "decision");
                              w.deliver("INQUIRY", 2, 0);
                              w.deliver(mistake == "none" ? "COMMIT" : "ABORT", 0, 2);
                              EXPECT_NE(w.outcome(2), Outcome::none);
                              return w;
                            });
  }
}

// S8: "C runs PrA, P1 behaves as PrC | P1 never acks commit, C can never forget".
TEST(TwoPhaseMistakes, S8ParticipantsThatPresumeOtherwiseAreNeverForgotten) {
  for (const auto* mistake : {"participants_presume_commit", "none"}) {
    Puppet w = committed("2pc-pra", mistake);
    for (int k = 0; k < 3; ++k) {
      while (!w.quiet()) w.deliver_number(0);
      w.timeout(0, "acks");
    }
    EXPECT_EQ(w.forgotten(0), mistake == std::string("none"));
  }
  for (const auto* prc : {"2pc-prc", "2pc-nprc"}) {
    for (const auto* mistake : {"participants_presume_abort", "none"}) {
      Puppet w = voted(prc, mistake);
      w.timeout(0, "votes");
      for (int k = 0; k < 3; ++k) {
        while (!w.quiet()) w.deliver_number(0);
        w.timeout(0, "acks");
      }
      EXPECT_EQ(w.forgotten(0), mistake == std::string("none")) << prc;
    }
  }
}

TEST(TwoPhaseMistakes, CommitWithoutRecord) {
  for (const std::string_view protocol : kFamily) {
    only_the_mistake_splits(protocol, "commit_without_record",
                            [](std::string_view name, std::string_view mistake) {
                              Puppet w = asked(name, mistake);
                              w.prepared(1, false);
                              w.recover(0);
                              return w;
                            });
  }
}

TEST(TwoPhaseMistakes, DuplicateVoteCountsTwice) {
  for (const std::string_view protocol : kFamily) {
    only_the_mistake_splits(protocol, "duplicate_vote_counts_twice",
                            [](std::string_view name, std::string_view mistake) {
                              Puppet w = asked(name, mistake);
                              w.prepared(1, true);
                              w.prepared(2, false);
                              w.again("YES", 1, 0);
                              w.deliver("YES", 1, 0);
                              return w;
                            });
  }
}

TEST(TwoPhaseMistakes, DecideOnMajority) {
  for (const std::string_view protocol : kFamily) {
    only_the_mistake_splits(protocol, "decide_on_majority",
                            [](std::string_view name, std::string_view mistake) {
                              Puppet w(name, 3, {{"mistake", mistake}});
                              w.start();
                              for (const int p : {1, 2, 3}) {
                                w.deliver("PREPARE", 0, p);
                                w.prepared(p, p != 3);
                              }
                              for (const int p : {1, 2}) w.deliver("YES", p, 0);
                              w.deliver("NO", 3, 0);
                              return w;
                            });
  }
}

TEST(TwoPhaseMistakes, ModelsAreToldWhatAMistakeMeansForTheDecision) {
  EXPECT_EQ(machine_with("2pc", 3, {{"mistake", "decide_on_majority"}}).traits.rule,
            DecisionRule::majority);
  EXPECT_FALSE(machine_with("2pc", 3, {{"mistake", "vote_not_forced"}}).traits.plain_votes);
  EXPECT_FALSE(
      machine_with("2pc", 3, {{"mistake", "abort_when_uncertain"}}).traits.votes_alone_decide);
  EXPECT_FALSE(machine_with("2pc", 3, {{"mistake", "duplicate_vote_counts_twice"}})
                   .traits.votes_alone_decide);
}

}  // namespace
}  // namespace indoubt
