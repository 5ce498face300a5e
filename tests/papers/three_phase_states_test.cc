// Goal: which states of three-phase commit are never seen together. "Pairs that must never be seen
// in a correct run: aborted with committed; aborted with PC when all failures are crashes;
// not-voted with PC or committed; uncertain operational process with a committed one." Sites crash
// at random and stay down, delays are bounded and time-outs longer; states of processes that are
// up.
#include <gtest/gtest.h>

#include <array>
#include <set>

#include "tests/latency/make_latency.h"
#include "tests/papers/flow.h"

namespace indoubt {
namespace {

constexpr std::size_t kProcesses = 4;

/// Collects the pairs of states that two processes of one transaction were seen in at once.
class Pairs final : public Observer {
 public:
  void on_state(const At& at, std::string_view state) override {
    if (at.transaction != transaction_) begin(at.transaction);
    states_[at.process] = state;
    for (std::size_t q = 0; q < kProcesses; ++q) {
      if (q == at.process || down_[at.process]) continue;
      if (!down_[q] || states_[q] == "committed") note(std::string(state), states_[q]);
    }
    if (state == "committed") note_committed(at.process);
  }
  void on_crash(const At& at) override {
    if (at.transaction != transaction_) begin(at.transaction);
    down_[at.process] = true;
    ++crashes_;
  }
  bool seen(const std::string& one, const std::string& other) const {
    return pairs_.count({std::min(one, other), std::max(one, other)}) != 0;
  }
  int crashes() const { return crashes_; }

 private:
  void begin(std::uint64_t transaction) {
    transaction_ = transaction;
    states_.fill("");
    down_.fill(false);
  }
  void note(const std::string& one, const std::string& other) {
    if (!one.empty() && !other.empty()) pairs_.insert({std::min(one, other), std::max(one, other)});
  }
  void note_committed(std::size_t who) {
    for (std::size_t q = 0; q < kProcesses; ++q)
      if (q != who && !down_[q]) note("committed", states_[q]);
  }

  std::uint64_t transaction_ = 0;
  std::array<std::string, kProcesses> states_;
  std::array<bool, kProcesses> down_{};
  std::set<std::pair<std::string, std::string>> pairs_;
  int crashes_ = 0;
};

Scenario crashing(double vote_yes) {
  Scenario scenario = world(3, make_latency("uniform", {1e6, 1e7}));
  // A leader waits for more than a round trip; whoever waits for it, for longer than that, twice
  // the longest delay, and what it waits for.
  for (const char* timer : {"votes", "states", "acks"})
    set_timeout(scenario, timer, Latency::constant(25ms));
  for (const char* timer : {"decision", "commit"})
    set_timeout(scenario, timer, Latency::constant(60ms));
  for (Service& service : scenario.services) service.vote_yes = vote_yes;
  for (const char* site : {"coordinator", "p1", "p2", "p3"}) {
    Fault crash;
    crash.sites = {site};
    crash.name = site;
    crash.when.kind = Trigger::Kind::random;
    crash.when.gap = Latency::exponential(100ms);
    scenario.faults.push_back(crash);
  }
  for (const char* message : {"PREPARE", "PRE-COMMIT", "COMMIT"}) {
    Fault cut;  // some are told before the sender dies, and some are not
    cut.sites = {"any"};
    cut.name = message;
    cut.when.kind = Trigger::Kind::at_point;
    cut.when.point = {Point::Where::random_cut, Point::What::send, message, "", 0, ""};
    cut.when.probability = 0.2;
    scenario.faults.push_back(cut);
  }
  return scenario;
}

TEST(ThreePhaseStates, ThatMustNotBeSeenTogetherAreNot) {
  for (const std::string_view rule : {"collected-states", "backup-state"}) {
    SCOPED_TRACE(rule);
    Pairs pairs;
    SimulationOptions options;
    options.observer = &pairs;
    run(crashing(0.9), "3pc", 4'000, {{"termination", rule}}, options);
    EXPECT_GT(pairs.crashes(), 2'000);
    EXPECT_FALSE(pairs.seen("aborted", "committed"));
    EXPECT_FALSE(pairs.seen("aborted", "pre-committed"));
    EXPECT_FALSE(pairs.seen("initial", "pre-committed"));
    EXPECT_FALSE(pairs.seen("preparing", "pre-committed"));
    EXPECT_FALSE(pairs.seen("initial", "committed"));
    EXPECT_FALSE(pairs.seen("preparing", "committed"));
    EXPECT_FALSE(pairs.seen("uncertain", "committed"));
    EXPECT_TRUE(pairs.seen("pre-committed", "uncertain"));
    EXPECT_TRUE(pairs.seen("committed", "pre-committed"));
    EXPECT_TRUE(pairs.seen("aborted", "uncertain"));
    EXPECT_TRUE(pairs.seen("initial", "uncertain"));
  }
}

// The same eyes see such pairs under 2PC, which blocks for that reason, and if participants decide
// alone.
TEST(ThreePhaseStates, AreSeenTogetherWhereTheyMay) {
  Pairs two, alone;
  SimulationOptions options;
  options.observer = &two;
  run(crashing(0.9), "2pc", 1'000, {}, options);
  EXPECT_TRUE(two.seen("committed", "prepared"));
  options.observer = &alone;
  run(crashing(0.9), "3pc", 4'000, {{"mistake", "timeout_only"}}, options);
  EXPECT_TRUE(alone.seen("aborted", "pre-committed"));
}

}  // namespace
}  // namespace indoubt
