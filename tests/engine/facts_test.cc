// Goal: what predicates see of a transaction is what happened to it, and measures that are made of
// it come out as computed by hand. Messages take 10 ms, forced writes none unless said otherwise.
#include <gtest/gtest.h>

#include "sim/measures/measure.h"
#include "sim/predicates/built_in.h"
#include "tests/support/world.h"

namespace indoubt {
namespace {

using What = Claim::What;
using Compare = Predicate::Compare;

Scenario three() { return world(3, Latency::constant(10ms)); }

Fault crash(const Who& who, Duration at, std::optional<Latency> lasts = {}) {
  Fault fault;
  fault.sites = {who};
  fault.when.kind = Trigger::Kind::at_time;
  fault.when.time = at;
  fault.lasts = std::move(lasts);
  return fault;
}

Claim decided(Outcome o) { return {What::decided, o, {}, 0}; }
Claim voted(Voted v) { return {What::voted, {}, v, 0}; }

/// Of the participants and of all that decide, in the order of the measures beside them.
class Twins {
 public:
  explicit Twins(int participants) : all_{1, static_cast<ProcessId>(participants)} {
    add("all_committed").add_all(all_, decided(Outcome::commit));
    add("all_aborted").add_all(all_, decided(Outcome::abort));
    add("none_committed").add_count(all_, decided(Outcome::commit), Compare::equal, 0);
    add("stranded").add_any(all_, {What::in_doubt, {}, {}, 0});
    add("blocked_at_end").add_any(all_, {What::blocked, {}, {}, 0});
    Predicate& learnt = add("all_learnt");
    learnt.add_count(all_, {What::learnt, Outcome::none, {}, 0}, Compare::equal, 0);
    for (const Outcome o : {Outcome::commit, Outcome::abort}) {
      const bool commit = o == Outcome::commit;
      Predicate& some = add(commit ? "some_committed" : "some_aborted");
      some.add_all({0, 0}, decided(o));
      some.add_any(all_, decided(o));
      some.add_either();
    }
    Predicate& coordinator = add("coordinator_decided");
    for (const Outcome o : {Outcome::commit, Outcome::abort}) {
      coordinator.add_all({0, 0}, decided(o));
      coordinator.add_all({0, 0}, {What::recorded, o, {}, 0});
      coordinator.add_both();
    }
    coordinator.add_either();
  }
  const std::vector<NamedPredicate>& predicates() const { return predicates_; }

 private:
  Predicate& add(std::string_view measure) {
    return predicates_.emplace_back(NamedPredicate{std::string(measure), {}, {}}).predicate;
  }
  ProcessRange all_;
  std::vector<NamedPredicate> predicates_;
};

Scenario troubled(int kind) {
  Scenario scenario = world(3, Latency::exponential(5ms));
  for (Service& s : scenario.services) s.vote_yes = 0.9;
  for (const auto* timer : {"votes", "decision", "acks", "commit", "states"})
    set_timeout(scenario, timer, Latency::constant(40ms));
  scenario.transactions.horizon = 2s;
  if (kind == 0) scenario.disk.force = Latency::exponential(2ms);
  if (kind == 1) scenario.network.loss = 0.1;
  if (kind < 2) return scenario;
  Fault mortal = crash("participant", 12ms);
  mortal.each = 0.5;
  scenario.faults = {crash("coordinator", 18ms, Latency::exponential(30ms)), mortal};
  scenario.faults[0].when.probability = scenario.faults[1].when.probability = 0.5;
  return scenario;
}

// The simulator counts most transactions by numbers that it keeps anyway, and looks at the
// processes of the others; with predicates it looks at all of them.
TEST(Facts, MeasuresSayWhatPredicatesOfTheSameWordsSay) {
  for (const auto* protocol : {"2pc", "2pc-pra", "3pc", "3pc-majority", "paxos-commit"}) {
    for (int kind = 0; kind < 3; ++kind) {
      Scenario scenario = troubled(kind);
      const Totals plain = run(scenario, protocol, 400);
      scenario.predicates = Twins(3).predicates();
      const Totals looked = run(scenario, protocol, 400);
      EXPECT_EQ(plain.fingerprint, looked.fingerprint);
      for (std::size_t i = 0; i < scenario.predicates.size(); ++i) {
        const std::string& name = scenario.predicates[i].name;
        const Measure& measure = *find_measure(name);
        EXPECT_EQ(measure.hits(looked), looked.predicates[i]) << protocol << kind << name;
        EXPECT_EQ(measure.hits(plain), measure.hits(looked)) << protocol << kind << name;
      }
      for (const auto* name : {"commit", "abort", "no_decision", "mixed", "violation.agreement"})
        EXPECT_EQ(find_measure(name)->hits(plain), find_measure(name)->hits(looked)) << name;
    }
  }
}

TEST(Facts, EveryBuiltInPredicateIsAMeasure) {
  for (const BuiltIn& b : built_in_predicates()) {
    ASSERT_NE(find_measure(b.name), nullptr) << b.name;
    EXPECT_EQ(find_measure(b.name)->kind, Measure::Kind::proportion) << b.name;
  }
}

std::uint64_t holds(Scenario scenario, std::string_view protocol, const Predicate& predicate) {
  scenario.predicates = {{"asked", {}, predicate}};
  return run(scenario, protocol, 10).predicates.at(0);
}
std::uint64_t any(const Scenario& scenario, ProcessRange range, Claim claim) {
  Predicate p;
  p.add_any(range, claim);
  return holds(scenario, "2pc", p);
}

TEST(Facts, VotesAreKeptThroughCrashes) {
  Scenario scenario = three();
  scenario.services[1].vote_yes = 0;
  scenario.faults = {crash("p1", 15ms), crash("p2", 15ms), crash("p3", 5ms)};
  EXPECT_EQ(any(scenario, {1, 1}, voted(Voted::yes)), 10u);
  EXPECT_EQ(any(scenario, {2, 2}, voted(Voted::no)), 10u);
  EXPECT_EQ(any(scenario, {3, 3}, voted(Voted::nothing)), 10u);
  EXPECT_EQ(any(scenario, {1, 3}, {What::up, {}, {}, 0}), 0u);
  EXPECT_EQ(any(scenario, {0, 0}, {What::up, {}, {}, 0}), 10u);
}

TEST(Facts, AStateIsSeenWhileItsSiteIsUp) {
  Scenario scenario = three();
  scenario.faults = {crash("coordinator", 15ms), crash("p3", 15ms)};
  const auto in_state = [&](ProcessId p, std::string_view state) {
    Predicate predicate;
    Claim claim{What::in_state, {}, {}, 0};
    claim.state = predicate.state(state);
    predicate.add_all({p, p}, claim);
    return holds(scenario, "2pc", predicate);
  };
  EXPECT_EQ(in_state(1, "prepared"), 10u);
  EXPECT_EQ(in_state(3, "prepared"), 0u);
  EXPECT_EQ(in_state(3, ""), 10u);
}

TEST(Facts, WhoIsUpAndInDoubtForGoodIsBlockedAndWhoIsDownIsNot) {
  Scenario scenario = three();
  scenario.faults = {crash("coordinator", 15ms), crash("p3", 15ms)};
  EXPECT_EQ(any(scenario, {1, 1}, {What::blocked, {}, {}, 0}), 10u);
  EXPECT_EQ(any(scenario, {3, 3}, {What::blocked, {}, {}, 0}), 0u);
  EXPECT_EQ(any(scenario, {3, 3}, {What::in_doubt, {}, {}, 0}), 10u);
}

TEST(Facts, WhatIsDecidedAloneIsNotLearnt) {
  Scenario scenario = three();
  scenario.faults = {crash("coordinator", 15ms)};
  Fault alone;
  alone.kind = Fault::Kind::heuristic;
  alone.sites = {"p1"};
  alone.after = 100ms;
  alone.outcome = Outcome::abort;
  scenario.faults.push_back(alone);
  EXPECT_EQ(any(scenario, {1, 1}, decided(Outcome::abort)), 10u);
  EXPECT_EQ(any(scenario, {1, 1}, {What::learnt, Outcome::none, {}, 0}), 10u);
  const Totals totals = run(scenario, "2pc", 10);
  EXPECT_EQ(find_measure("abort.heuristic")->hits(totals), 10u);
  EXPECT_EQ(totals.all_learnt, 0u);
}

// ---- the coordinator's record

TEST(CoordinatorDecided, AsksForAForcedRecord) {
  Scenario scenario = three();
  EXPECT_EQ(run(scenario, "2pc", 10).coordinator_decided, 10u);
  EXPECT_EQ(run(scenario, "2pc-prc", 10).coordinator_decided, 10u);
  scenario.services[0].vote_yes = 0;
  EXPECT_EQ(run(scenario, "2pc", 10).coordinator_decided, 10u);
  const Totals presumed = run(scenario, "2pc-pra", 10);
  EXPECT_EQ(presumed.aborts, 10u);
  EXPECT_EQ(presumed.coordinator_decided, 0u) << "presumed abort forces no abort record";
}

TEST(CoordinatorDecided, SurvivesACrashAndNotTheLossOfTheLog) {
  Scenario scenario = three();
  scenario.disk.force = Latency::constant(5ms);
  // Its record is durable at 10 + 5 + 10 + 5 = 30 ms.
  scenario.faults = {crash("coordinator", 31ms)};
  EXPECT_EQ(run(scenario, "2pc", 10).coordinator_decided, 10u);
  scenario.faults[0].log_lost = true;
  EXPECT_EQ(run(scenario, "2pc", 10).coordinator_decided, 0u);
  scenario.faults = {crash("coordinator", 29ms)};
  const Totals early = run(scenario, "2pc", 10);
  EXPECT_EQ(early.coordinator_decided, 0u);
  EXPECT_EQ(early.decision_time.count, 0u);
}

TEST(CoordinatorDecided, IsNotDeceivedByADiskThatLies) {
  for (const Duration force : {0ms, 5ms}) {
    Scenario scenario = three();
    scenario.disk.force = Latency::constant(force);
    Fault disk;
    disk.kind = Fault::Kind::disk;
    disk.sites = {"coordinator"};
    disk.lies = true;
    scenario.faults = {disk};
    const Totals totals = run(scenario, "2pc", 10);
    EXPECT_EQ(totals.commits, 10u);
    EXPECT_EQ(totals.coordinator_decided, 0u);
  }
}

// ---- mixed

// p1 has committed and is down; p2, in doubt, aborts by its time-out.
TEST(Mixed, LooksOnlyAtParticipantsThatAreUp) {
  Scenario scenario = world(2, Latency::constant(10ms));
  link_rule(scenario, "coordinator", "p2").latency = Latency::constant(10ms);
  set_timeout(scenario, "decision", Latency::constant(50ms));
  Fault cut;
  cut.kind = Fault::Kind::message;
  cut.from = "coordinator";
  cut.to = "p2";
  cut.type = "COMMIT";
  scenario.faults = {cut};
  const std::vector<NamedOption> guesses = {{"uncertain", "abort"}};
  EXPECT_EQ(run(scenario, "2pc", 10, guesses).mixed, 10u);
  scenario.faults.push_back(crash("p1", 40ms));
  const Totals totals = run(scenario, "2pc", 10, guesses);
  EXPECT_EQ(totals.mixed, 0u);
  EXPECT_EQ(totals.violations[0], 10u) << "AC1 asks nobody whether he is up";
  EXPECT_EQ(totals.some_committed, 10u);
}

}  // namespace
}  // namespace indoubt
