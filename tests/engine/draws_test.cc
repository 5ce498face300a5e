// Goal: common random numbers. Two protocols on one seed face the same votes and the same delay of
// the n-th message on a link; a lost message, or one more elsewhere, shifts no other delay.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "tests/latency/make_latency.h"
#include "tests/support/world.h"

namespace indoubt {
namespace {

/// Delays by (transaction, from, to, n-th message of the link), and votes by (transaction,
/// process). Requires at most one message at a time on each link.
class Faced final : public Observer {
 public:
  using Link = std::tuple<std::uint64_t, int, int>;
  std::map<std::pair<Link, int>, Duration> delays;
  std::map<std::pair<Link, int>, bool> lost;
  std::map<std::pair<std::uint64_t, int>, bool> votes;
  std::map<std::pair<std::uint64_t, int>, Duration> work;

  void on_effect(const At& at, const Effect& e, std::span<const ProcessId> members) override {
    if (e.kind == Effect::Kind::prepare) began_[{at.transaction, at.process}] = at.time;
    if (e.kind == Effect::Kind::send) members = {&e.to, 1};
    if (e.kind != Effect::Kind::send && e.kind != Effect::Kind::send_set) return;
    for (const ProcessId to : members) {
      const Link link{at.transaction, at.process, to};
      left_[link] = at.time;
      lost[{link, sent_[link]++}] = false;
    }
  }
  void on_loss(const At& at, ProcessId to, Message, Loss) override {
    const Link link{at.transaction, at.process, to};
    lost[{link, sent_[link] - 1}] = true;
  }
  void on_input(const At& at, const Input& in) override {
    if (in.kind() == Input::Kind::prepared) {
      votes[{at.transaction, at.process}] = in.tag() != 0;
      work[{at.transaction, at.process}] = at.time - began_[{at.transaction, at.process}];
    }
    if (in.kind() != Input::Kind::message) return;
    const Link link{at.transaction, in.from(), at.process};
    delays[{link, sent_[link] - 1}] = at.time - left_[link];
  }

 private:
  std::map<Link, Duration> left_;
  std::map<Link, int> sent_;
  std::map<std::pair<std::uint64_t, int>, Duration> began_;
};

/// If the coordinator waits for all votes, every message arrives before the next one of its link
/// leaves, resent ones too.
Scenario calm_world(double loss = 0) {
  Scenario scenario = world(3, make_latency("uniform", {1e6, 5e6}));
  scenario.network.loss = loss;
  for (Service& service : scenario.services) {
    service.vote_yes = 0.8;
    service.prepare = make_latency("uniform", {1e6, 9e6});
  }
  set_timeout(scenario, "votes", Latency::constant(100ms));
  set_timeout(scenario, "acks", Latency::constant(100ms));
  scenario.transactions.horizon = 5s;
  return scenario;
}

Faced faced(const Scenario& scenario, std::string_view protocol, std::uint64_t count,
            std::uint64_t seed = 1) {
  Faced seen;
  SimulationOptions options;
  options.observer = &seen;
  options.seed = seed;
  run(scenario, protocol, count, {{"at_no", "wait"}}, options);
  return seen;
}

/// Number of keys that both maps hold; those must have equal values.
template <class Map>
int expect_equal_where_both(const Map& a, const Map& b) {
  int common = 0;
  for (const auto& [key, value] : a) {
    const auto other = b.find(key);
    if (other == b.end()) continue;
    ++common;
    EXPECT_EQ(value, other->second);
  }
  return common;
}

TEST(CommonRandomNumbers, TwoProtocolsFaceTheSameVotesDelaysAndLocalWork) {
  const Faced two = faced(calm_world(), "2pc", 300);
  for (const auto* other : {"3pc", "3pc-majority"}) {
    const Faced three = faced(calm_world(), other, 300);
    EXPECT_EQ(two.votes, three.votes);
    EXPECT_EQ(two.work, three.work);
    EXPECT_EQ(two.votes.size(), 900u);
    EXPECT_GE(expect_equal_where_both(two.delays, three.delays), 300 * 9);
  }
}

TEST(CommonRandomNumbers, EveryDrawIsTheStatelessOneOfItsPublishedPlace) {
  const Scenario scenario = calm_world(0.2);
  const Faced seen = faced(scenario, "2pc", 200);
  const Draws draws(1, 0);
  for (const auto& [who, yes] : seen.votes) {
    const std::uint32_t pair = static_cast<std::uint32_t>(who.second - 1) / 2;
    const std::uint64_t n = 2 * static_cast<std::uint64_t>((who.second - 1) % 2);
    EXPECT_EQ(yes, unit_uniform(draws.word({who.first, Purpose::local, pair, n})) < 0.8);
    DrawWords words(draws, {who.first, Purpose::local, pair, n + 1});
    EXPECT_EQ(seen.work.at(who), scenario.services[0].prepare.sample(words));
  }
  for (const auto& [message, lost] : seen.lost) {
    const auto& [transaction, from, to] = message.first;
    const std::uint64_t k = static_cast<std::uint64_t>(message.second);
    const std::uint32_t pair = static_cast<std::uint32_t>(std::max(from, to));
    const std::uint64_t n = k / 2 * 4 + (from > to ? 2 : 0) + k % 2;
    EXPECT_EQ(lost, unit_uniform(draws.word({transaction, Purpose::loss, pair, n})) < 0.2);
    DrawWords words(draws, {transaction, Purpose::link, pair, n});
    if (lost) continue;
    EXPECT_EQ(seen.delays.at(message), scenario.network.latency.sample(words));
  }
}

TEST(CommonRandomNumbers, VotesFollowTheirProbabilityAndDifferBySeed) {
  const auto yes = [](const Faced& seen) {
    int count = 0;
    for (const auto& [who, vote] : seen.votes) count += vote;
    return count;
  };
  const Faced one = faced(calm_world(), "2pc", 4'000), two = faced(calm_world(), "2pc", 4'000, 2);
  EXPECT_NE(one.votes, two.votes);
  EXPECT_NEAR(yes(one), 9'600, 4 * 44) << "12,000 votes of 0.8, standard error 44";
  EXPECT_NEAR(yes(two), 9'600, 4 * 44);
}

TEST(CommonRandomNumbers, ALostMessageShiftsNoOtherDelay) {
  const Faced none = faced(calm_world(), "2pc", 300);
  const Faced few = faced(calm_world(0.1), "2pc", 300);
  const Faced many = faced(calm_world(0.4), "2pc", 300);
  EXPECT_EQ(none.votes.size(), 900u);
  EXPECT_GE(expect_equal_where_both(none.delays, few.delays), 1'000);
  EXPECT_GE(expect_equal_where_both(none.delays, many.delays), 500);
  EXPECT_GE(expect_equal_where_both(few.delays, many.delays), 800) << "resent ones too";
  expect_equal_where_both(none.votes, many.votes);
  expect_equal_where_both(none.work, many.work);
}

TEST(CommonRandomNumbers, WhatIsLostAtALowLossRateIsLostAtAHigherOne) {
  const Faced few = faced(calm_world(0.1), "2pc", 300), many = faced(calm_world(0.4), "2pc", 300);
  int lost = 0;
  for (const auto& [message, was_lost] : few.lost) {
    const auto other = many.lost.find(message);
    if (!was_lost || other == many.lost.end()) continue;
    ++lost;
    EXPECT_TRUE(other->second);
  }
  EXPECT_GE(lost, 100);
}

TEST(CommonRandomNumbers, AFurtherParticipantChangesNothingForTheOthers) {
  Scenario four = calm_world();
  four.services.push_back(four.services[0]);
  four.services.back().name = "p4";
  const Faced small = faced(calm_world(), "2pc", 200), large = faced(four, "2pc", 200);
  EXPECT_EQ(expect_equal_where_both(small.votes, large.votes), 600);
  EXPECT_EQ(expect_equal_where_both(small.work, large.work), 600);
  EXPECT_GE(expect_equal_where_both(small.delays, large.delays), 200 * 6);
}

TEST(CommonRandomNumbers, LinksOfOnePairDrawApartInBothDirections) {
  const Faced seen = faced(calm_world(), "2pc", 300);
  int equal = 0;
  for (std::uint64_t k = 1; k <= 300; ++k) {
    const auto down = seen.delays.at({{k, 0, 1}, 0}), up = seen.delays.at({{k, 1, 0}, 0});
    equal += down == up;
    equal += down == seen.delays.at({{k, 0, 2}, 0});
  }
  EXPECT_EQ(equal, 0);
}

}  // namespace
}  // namespace indoubt
