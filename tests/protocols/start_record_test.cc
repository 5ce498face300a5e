// Goal: whether a coordinator that comes back without a record still knows its participants is what
// `start_record` says, and nothing else: with `free` it does, at no cost; otherwise it has
// forgotten the transaction, tells nobody, and answers as its protocol allows.
#include <gtest/gtest.h>

#include "tests/support/puppet.h"

namespace indoubt {
namespace {

using Options = std::vector<NamedOption>;

/// All participants have voted YES, and their votes are lost; the coordinator has written at most
/// its start record.
Puppet voted(std::string_view protocol, const char* start_record, Options options = {}) {
  options.push_back({"start_record", start_record});
  Puppet w(protocol, 2, options);
  w.start();
  for (const int p : {1, 2}) w.deliver("PREPARE", 0, p);
  for (const int p : {1, 2}) w.prepared(p, true);
  for (const int p : {1, 2}) w.drop("YES", p, 0);
  return w;
}

constexpr const char* kWithoutARecord[] = {"none", "unforced"};

TEST(StartRecord, ThatIsFreeWritesNothingAndIsThereAllTheSame) {
  for (const char* protocol :
       {"2pc", "2pc-linear", "2pc-decentralised", "3pc", "3pc-quorum", "e3pc", "easy-commit"}) {
    Puppet none(protocol, 2, {{"start_record", "none"}});
    Puppet free(protocol, 2, {{"start_record", "free"}});
    EXPECT_EQ(free.start(), none.start()) << protocol;
    EXPECT_EQ(free.forced(0), 0) << protocol;
    EXPECT_NE(free.recover(0), none.recover(0)) << protocol;
  }
}

// "Recovered coordinator. Without a decision record: decide abort and tell all (default)."
TEST(StartRecord, IsFreeByDefaultWhereTheDefaultIsToTellOrAskAll) {
  for (const char* protocol : {"2pc", "2pc-decentralised", "3pc", "3pc-quorum", "easy-commit"}) {
    Puppet standard(protocol, 2);
    standard.start();
    Puppet free(protocol, 2, {{"start_record", "free"}});
    free.start();
    const std::string effects = standard.recover(0);
    EXPECT_EQ(effects, free.recover(0)) << protocol;
    EXPECT_NE(effects.find("to 1 2"), std::string::npos) << protocol << ": " << effects;
  }
  Puppet presumes("2pc-pra", 2);
  presumes.start();
  EXPECT_EQ(presumes.recover(0), "decide abort") << "presumed abort has no list";
}

TEST(StartRecord, WithoutItPresumingNothingOrAbortForgetsTellsNobodyAndAnswersAbort) {
  for (const char* protocol : {"2pc", "2pc-pra"}) {
    for (const char* record : kWithoutARecord) {
      for (const char* undecided : {"abort", "silent"}) {
        Puppet w = voted(protocol, record, {{"recover_undecided", undecided}});
        EXPECT_EQ(w.recover(0), "decide abort") << protocol << record;
        EXPECT_TRUE(w.quiet()) << w.in_flight();
        w.timeout(1, "decision");
        EXPECT_EQ(w.deliver("INQUIRY", 1, 0), "send ABORT to 1") << protocol << record;
        w.deliver("ABORT", 0, 1);
        EXPECT_EQ(w.outcome(1), Outcome::abort);
        EXPECT_EQ(w.outcome(2), Outcome::none) << "it has not asked";
      }
    }
  }
}

TEST(StartRecord, ThatSurvivesIsAsGoodAsAFreeOne) {
  Puppet forced = voted("2pc", "forced");
  EXPECT_EQ(forced.recover(0), "force aborted; decide abort; send ABORT to 1 2; set acks");
  Puppet unforced = voted("2pc", "unforced");
  EXPECT_EQ(unforced.recover(0, "started"),
            "force aborted; decide abort; send ABORT to 1 2; set acks")
      << "another transaction had the log forced";
  Puppet presumes = voted("2pc-pra", "free", {{"recover_undecided", "abort"}});
  EXPECT_EQ(presumes.recover(0), "decide abort; send ABORT to 1 2; forget");
}

TEST(StartRecord, BeforeAForcedOneIsDurableNobodyIsKnown) {
  Puppet w("2pc", 2, {{"start_record", "forced"}});
  w.cut_next(0, 0);
  EXPECT_EQ(w.start(), "crash; decide abort");
}

// Where others may have committed without it, a coordinator that has forgotten decides nothing.
TEST(StartRecord, WithoutItACoordinatorThatMayNotDecideAloneIsSilent) {
  for (const char* record : kWithoutARecord) {
    Puppet linear("2pc-linear", 2, {{"start_record", record}});
    linear.start();
    EXPECT_EQ(linear.recover(0), "nothing");
    Puppet everybody("2pc-decentralised", 2, {{"start_record", record}});
    everybody.start();
    EXPECT_EQ(everybody.recover(0), "nothing");
    Puppet easy = voted("easy-commit", record);
    EXPECT_EQ(easy.recover(0), "nothing");
    Puppet three = voted("3pc", record);
    EXPECT_EQ(three.recover(0), "nothing");
    EXPECT_EQ(three.state(0), "recovering");
  }
}

TEST(StartRecord, WithoutItAnOutcomeThatIsToldIsFollowed) {
  Puppet linear("2pc-linear", 1, {{"start_record", "none"}});
  linear.start();
  linear.deliver("PREPARE", 0, 1);
  linear.prepared(1, true);
  linear.recover(0);
  EXPECT_EQ(linear.deliver("COMMIT", 1, 0), "force committed; decide commit");
}

TEST(StartRecord, WithoutItACoordinatorOfThreePhasesAsksOnceItIsAsked) {
  Puppet w = voted("3pc", "none");
  w.recover(0);
  w.recover(1);
  EXPECT_EQ(w.deliver("INQUIRY", 1, 0), "send INQUIRY to 1 2; set decision; send REJOIN to 1");
  w.recover(2);
  EXPECT_EQ(w.deliver("INQUIRY", 2, 0), "send REJOIN to 2; force prepared; send RESUME to 1 2")
      << "all are back, so one of them failed last";
}

// No record of PRE-COMMIT at the coordinator: nobody can be pre-committed, so it may abort, alone.
TEST(StartRecord, WithoutItACoordinatorThatForcesPreCommitAbortsAndTellsNobody) {
  Puppet three = voted("3pc", "none", {{"pre_commit_record", "all"}});
  EXPECT_EQ(three.recover(0), "force aborted; decide abort");
  for (const char* protocol : {"3pc-quorum", "e3pc"}) {
    Puppet quorum = voted(protocol, "none");
    EXPECT_EQ(quorum.recover(0), "force aborted; decide abort") << protocol;
    EXPECT_TRUE(quorum.quiet());
  }
}

TEST(StartRecord, OnePhaseKnowsItsParticipantWhateverIsWritten) {
  Puppet w("2pc-pra", 1, {{"one_phase", "yes"}, {"start_record", "none"}});
  w.start();
  EXPECT_EQ(w.recover(0), "send INQUIRY to 1; set votes");
}

}  // namespace
}  // namespace indoubt
