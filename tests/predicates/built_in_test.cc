// Goal: the built-in predicates say what semantics and textbook say, of every combination of what
// two participants and a coordinator can have come to.
#include "sim/predicates/built_in.h"

#include <gtest/gtest.h>

#include "tests/predicates/make_facts.h"

namespace indoubt {
namespace {

constexpr auto kNone = Outcome::none, kCommit = Outcome::commit, kAbort = Outcome::abort;

bool holds(std::string_view name, const People& people) {
  return find_built_in(name)->holds(standing_of(people.facts()));
}

People decided(Outcome coordinator, Outcome first, Outcome second) {
  People people(2);
  people.decide(0, coordinator);
  people.decide(1, first);
  people.decide(2, second);
  return people;
}

template <class F>
void for_all_decisions(F&& f) {
  for (const Outcome c : {kNone, kCommit, kAbort})
    for (const Outcome a : {kNone, kCommit, kAbort})
      for (const Outcome b : {kNone, kCommit, kAbort}) f(c, a, b, decided(c, a, b));
}

TEST(BuiltIn, DecisionsOfParticipantsAndOfSomebody) {
  for_all_decisions([](Outcome c, Outcome a, Outcome b, const People& people) {
    const auto any = [&](Outcome o) { return c == o || a == o || b == o; };
    EXPECT_EQ(holds("some_committed", people), any(kCommit));
    EXPECT_EQ(holds("some_aborted", people), any(kAbort));
    EXPECT_EQ(holds("all_committed", people), a == kCommit && b == kCommit);
    EXPECT_EQ(holds("none_committed", people), a != kCommit && b != kCommit);
    EXPECT_EQ(holds("all_aborted", people), a == kAbort && b == kAbort);
    EXPECT_EQ(holds("all_learnt", people), a != kNone && b != kNone);
    EXPECT_EQ(holds("mixed", people), a != b && a != kNone && b != kNone);
    EXPECT_EQ(holds("violation.agreement", people), any(kCommit) && any(kAbort));
  });
}

TEST(BuiltIn, WhereAllHaveVotedReadNothingCanBeReversed) {
  People people = decided(kAbort, kNone, kNone);
  people[0].reversed = true;
  people[1].voted = Voted::read;
  people[2].voted = Voted::yes;
  EXPECT_TRUE(holds("violation.stability", people));
  people[2].voted = Voted::read;
  EXPECT_FALSE(holds("violation.stability", people));
}

TEST(BuiltIn, EveryTransactionHasExactlyOneOutcome) {
  for_all_decisions([](Outcome c, Outcome a, Outcome b, const People& people) {
    EXPECT_EQ(holds("commit", people) + holds("abort", people) + holds("no_decision", people), 1);
    EXPECT_TRUE(c == kNone || holds("commit", people) == (c == kCommit));
    EXPECT_TRUE(c != kNone || a != kNone || b != kNone || holds("no_decision", people));
  });
}

TEST(BuiltIn, ANoVotersOwnAbortIsNoDecisionUnlessEverybodyAborted) {
  People people = decided(kNone, kAbort, kNone);
  EXPECT_TRUE(holds("abort", people)) << "it has not voted: it decided for all";
  people[1].voted = Voted::no;
  EXPECT_TRUE(holds("no_decision", people));
  people.decide(2, kAbort);
  people[2].voted = Voted::no;
  EXPECT_TRUE(holds("abort", people));
}

TEST(BuiltIn, MixedLooksAtWhoIsUpAndCountsNoVotersAsAborted) {
  People people = decided(kAbort, kCommit, kNone);
  EXPECT_FALSE(holds("mixed", people)) << "the coordinator is left out";
  people[2].voted = Voted::no;
  EXPECT_TRUE(holds("mixed", people));
  people[2].up = false;
  EXPECT_FALSE(holds("mixed", people));
  people[2].up = true;
  people[1].up = false;
  EXPECT_FALSE(holds("mixed", people));
  EXPECT_TRUE(holds("some_committed", people)) << "crashed ones included";
  EXPECT_TRUE(holds("violation.agreement", people));
}

TEST(BuiltIn, TheCoordinatorHasDecidedWhenItsRecordIsForced) {
  for (const Outcome record : {kNone, kCommit, kAbort}) {
    for (const Outcome c : {kNone, kCommit, kAbort}) {
      People people = decided(c, kNone, kNone);
      people.record = record;
      EXPECT_EQ(holds("coordinator_decided", people), c != kNone && c == record);
    }
  }
}

TEST(BuiltIn, DoubtAndBlocking) {
  People people(2);
  EXPECT_FALSE(holds("stranded", people));
  people[2].in_doubt = true;
  EXPECT_TRUE(holds("stranded", people));
  EXPECT_FALSE(holds("blocked_at_end", people));
  people[2].blocked = true;
  EXPECT_TRUE(holds("blocked_at_end", people));
}

TEST(BuiltIn, LearntIsNotYetDecided) {
  People people = decided(kCommit, kCommit, kNone);
  people[2].learnt = kCommit;
  EXPECT_TRUE(holds("all_learnt", people));
  EXPECT_FALSE(holds("all_committed", people));
}

TEST(BuiltIn, AC2AloneIsViolatedWhereAReversalMakesAllAgree) {
  People people = decided(kNone, kCommit, kCommit);
  people[1].reversed = true;
  EXPECT_TRUE(holds("violation.stability", people));
  EXPECT_FALSE(holds("violation.agreement", people));
  EXPECT_TRUE(holds("some_aborted", people)) << "before it decided otherwise";
  EXPECT_TRUE(holds("all_committed", people)) << "the last decision counts";
  people.decide(2, kAbort);
  EXPECT_TRUE(holds("violation.agreement", people));
}

TEST(BuiltIn, AC3CommitAsksForYesOfEveryParticipant) {
  People people = decided(kNone, kCommit, kNone);
  people[1].voted = Voted::yes;
  EXPECT_TRUE(holds("violation.validity", people));
  people[2].voted = Voted::no;
  EXPECT_TRUE(holds("violation.validity", people));
  people[2].voted = Voted::read;
  EXPECT_FALSE(holds("violation.validity", people));
}

TEST(BuiltIn, AC4AllYesGivesCommit) {
  People people = decided(kAbort, kNone, kNone);
  people[1].voted = people[2].voted = Voted::yes;
  EXPECT_TRUE(violates_nontriviality(standing_of(people.facts())));
  people.decide(0, kCommit);
  EXPECT_FALSE(violates_nontriviality(standing_of(people.facts())));
  people.decide(0, kNone);
  people[1].voted = Voted::nothing;
  EXPECT_FALSE(violates_nontriviality(standing_of(people.facts())));
}

TEST(BuiltIn, AC5NamesTheFirstThatShouldHaveDecided) {
  People people(2, 1);
  const auto first = [&](auto&& decides) { return first_undecided(people.facts(), decides); };
  const auto everybody = [](ProcessId) { return true; };
  EXPECT_EQ(first(everybody), ProcessId{0});
  EXPECT_EQ(first([](ProcessId p) { return p != 0; }), ProcessId{1});
  people.decide(0, kCommit);
  people[1].voted = Voted::read;
  EXPECT_EQ(first(everybody), ProcessId{2}) << "who voted READ need not decide";
  people.decide(2, kCommit);
  EXPECT_EQ(first(everybody), std::nullopt) << "nor need auxiliaries";
}

TEST(BuiltIn, RecordsNameTheirDecision) {
  EXPECT_EQ(decision_in("committed"), kCommit);
  EXPECT_EQ(decision_in("aborted"), kAbort);
  for (const auto* other : {"none", "prepared", "pre-committed", "pre-aborted", "end"})
    EXPECT_EQ(decision_in(other), kNone) << other;
}

TEST(BuiltIn, UnknownNamesAreNone) { EXPECT_EQ(find_built_in("commits"), nullptr); }

}  // namespace
}  // namespace indoubt
