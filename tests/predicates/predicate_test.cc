// Goal: a predicate of a scenario means what its formula says.
#include "sim/predicates/predicate.h"

#include <gtest/gtest.h>

#include "tests/predicates/make_facts.h"
#include "tests/support/allocations.h"

namespace indoubt {
namespace {

using What = Claim::What;
using Compare = Predicate::Compare;
constexpr ProcessRange kParticipants{1, 3}, kOne{2, 2}, kAcceptors{4, ProcessRange::kEnd};

Claim committed() { return {What::decided, Outcome::commit, {}, 0}; }
Claim claim(What what) { return {what, {}, {}, 0}; }

bool all(const People& people, ProcessRange range, Claim claim) {
  Predicate p;
  p.add_all(range, claim);
  return p.holds(people.facts());
}
bool any(const People& people, ProcessRange range, Claim claim) {
  Predicate p;
  p.add_any(range, claim);
  return p.holds(people.facts());
}

TEST(Predicate, AllAndAnyOfARange) {
  People people(3);
  EXPECT_FALSE(any(people, kParticipants, committed()));
  people.decide(2, Outcome::commit);
  EXPECT_TRUE(any(people, kParticipants, committed()));
  EXPECT_FALSE(all(people, kParticipants, committed()));
  EXPECT_TRUE(all(people, kOne, committed()));
  people.decide(0, Outcome::commit);
  EXPECT_FALSE(all(people, kParticipants, committed())) << "the coordinator is not in the range";
}

TEST(Predicate, AnEmptyRangeHasAllAndNotAny) {
  const People people(3);
  EXPECT_TRUE(all(people, kAcceptors, claim(What::up)));
  EXPECT_FALSE(any(people, kAcceptors, claim(What::up)));
  EXPECT_TRUE(any(People(3, 1), kAcceptors, claim(What::up)));
}

TEST(Predicate, CountsCompareInEveryWay) {
  People people(3);
  people[1].up = people[2].up = false;
  const auto counted = [&](Compare compare, int number) {
    Predicate p;
    p.add_count(kParticipants, claim(What::down), compare, number);
    return p.holds(people.facts());
  };
  for (int n = 0; n <= 4; ++n) {
    EXPECT_EQ(counted(Compare::equal, n), 2 == n);
    EXPECT_EQ(counted(Compare::not_equal, n), 2 != n);
    EXPECT_EQ(counted(Compare::less, n), 2 < n);
    EXPECT_EQ(counted(Compare::at_most, n), 2 <= n);
    EXPECT_EQ(counted(Compare::more, n), 2 > n);
    EXPECT_EQ(counted(Compare::at_least, n), 2 >= n);
  }
}

TEST(Predicate, EveryClaimReadsItsFact) {
  People people(3);
  ProcessFacts& p = people[2];
  const auto says = [&](Claim c) { return all(people, kOne, c); };
  EXPECT_TRUE(says({What::decided, Outcome::none, {}, 0}));
  EXPECT_TRUE(says({What::voted, {}, Voted::nothing, 0}));
  p.learnt = Outcome::abort;
  EXPECT_TRUE(says({What::learnt, Outcome::abort, {}, 0}));
  EXPECT_FALSE(says({What::learnt, Outcome::commit, {}, 0}));
  EXPECT_FALSE(says({What::decided, Outcome::abort, {}, 0}));
  for (const Voted voted : {Voted::no, Voted::yes, Voted::read}) {
    p.voted = voted;
    EXPECT_TRUE(says({What::voted, {}, voted, 0}));
    EXPECT_FALSE(says({What::voted, {}, Voted::nothing, 0}));
  }
  EXPECT_FALSE(says(claim(What::in_doubt)));
  p.in_doubt = true;
  EXPECT_TRUE(says(claim(What::in_doubt)));
  EXPECT_FALSE(says(claim(What::blocked)));
  p.blocked = true;
  EXPECT_TRUE(says(claim(What::blocked)));
  EXPECT_TRUE(says(claim(What::up)));
  p.up = false;
  EXPECT_FALSE(says(claim(What::up)));
  EXPECT_TRUE(says(claim(What::down)));
  EXPECT_TRUE(says({What::recorded, Outcome::none, {}, 0}));
  people.record = Outcome::commit;
  EXPECT_TRUE(says({What::recorded, Outcome::commit, {}, 0}));
}

TEST(Predicate, StatesAreComparedByName) {
  People people(3);
  people[2].state = "prepared";
  Predicate p;
  Claim in_state = claim(What::in_state);
  in_state.state = p.state("voting");
  EXPECT_EQ(p.state("prepared"), 1);
  EXPECT_EQ(p.state("voting"), 0) << "a name has one number";
  p.add_all(kOne, in_state);
  EXPECT_FALSE(p.holds(people.facts()));
  in_state.state = p.state("prepared");
  p.add_all(kOne, in_state);
  p.add_either();
  EXPECT_TRUE(p.holds(people.facts()));
}

/// (a and b) or not c, of three processes that are up or down.
TEST(Predicate, FormulasJoinInPostfixOrder) {
  Predicate p;
  p.add_all({1, 1}, claim(What::up));
  p.add_all({2, 2}, claim(What::up));
  p.add_both();
  p.add_all({3, 3}, claim(What::up));
  p.add_negation();
  p.add_either();
  for (unsigned bits = 0; bits < 8; ++bits) {
    People people(3);
    const bool a = bits & 1, b = bits & 2, c = bits & 4;
    people[1].up = a;
    people[2].up = b;
    people[3].up = c;
    EXPECT_EQ(p.holds(people.facts()), (a && b) || !c) << bits;
  }
}

TEST(Predicate, HoldsTheDeepestStack) {
  Predicate p;
  while (!p.is_full()) p.add_all(kOne, claim(What::up));
  for (int i = 1; i < Predicate::kMostDepth; ++i) p.add_both();
  EXPECT_TRUE(p.holds(People(3).facts()));
}

TEST(Predicate, TellsApartWhoStandsInOneRangeOnly) {
  Predicate p;
  p.add_all(kParticipants, claim(What::up));
  EXPECT_FALSE(p.tells_apart(1, 3));
  EXPECT_TRUE(p.tells_apart(0, 1));
  p.add_any(kOne, claim(What::blocked));
  p.add_both();
  EXPECT_FALSE(p.tells_apart(1, 3));
  EXPECT_TRUE(p.tells_apart(1, 2));
  EXPECT_TRUE(p.asks_for(What::blocked));
  EXPECT_FALSE(p.asks_for(What::in_state));
}

TEST(Predicate, IsEvaluatedWithoutHeap) {
  const People people(3);
  const Facts facts = people.facts();
  Predicate p;
  p.add_all(kParticipants, claim(What::up));
  p.add_any(kParticipants, committed());
  p.add_either();
  const auto before = allocations();
  EXPECT_TRUE(p.holds(facts));
  const Standing standing = standing_of(facts);
  EXPECT_EQ(allocations(), before);
  EXPECT_EQ(standing.participants, 3);
}

}  // namespace
}  // namespace indoubt
