// Goal: times in doubt, inquiries, causes of aborts and decisions by an instant, each as computed
// by hand. Messages take 10 ms, votes come at once, forced writes take no time.
#include <gtest/gtest.h>

#include "sim/measures/measure_set.h"
#include "tests/support/world.h"

namespace indoubt {
namespace {

Scenario three() { return world(3, Latency::constant(10ms)); }

Fault crash(const Who& who, Duration at, std::optional<Latency> lasts = {}) {
  Fault fault;
  fault.sites = {who};
  fault.when.kind = Trigger::Kind::at_time;
  fault.when.time = at;
  fault.lasts = std::move(lasts);
  return fault;
}

std::uint64_t by(const Totals& totals, AbortCause cause) {
  return totals.aborts_by_cause[static_cast<std::size_t>(cause)];
}

// ---- time in doubt

TEST(Doubt, IsSummedOverParticipantsAndCountedOnceForAll) {
  Scenario scenario = three();
  scenario.services[0].prepare = Latency::constant(4ms);
  // p2 and p3 vote at 10 ms, p1 at 14 ms; COMMIT leaves at 24 ms and arrives at 34 ms.
  const Totals totals = run(scenario, "2pc", 10);
  EXPECT_EQ(totals.in_doubt_sum_time.mean(), 20e6 + 24e6 + 24e6);
  EXPECT_EQ(totals.in_doubt_any_time.mean(), 24e6);
  EXPECT_EQ(totals.in_doubt_time.mean(), (20 + 24 + 24) * 1'000'000 / 3);
  EXPECT_EQ(totals.in_doubt_down_time.count, 0u);
}

TEST(Doubt, LeavesOutTimesWithoutAnybodyInDoubt) {
  Scenario scenario = world(2, Latency::constant(10ms));
  set_timeout(scenario, "decision", Latency::constant(5ms));
  scenario.services[1].prepare = Latency::constant(100ms);
  // p1 votes at 10 ms and guesses at 15 ms; p2 votes at 110 ms and guesses at 115 ms.
  const Totals totals = run(scenario, "2pc", 10, {{"uncertain", "commit"}});
  EXPECT_EQ(totals.in_doubt_sum_time.mean(), 10e6);
  EXPECT_EQ(totals.in_doubt_any_time.mean(), 10e6);
}

TEST(Doubt, OfAParticipantThatIsDownIsIncludedAndShownApart) {
  Scenario scenario = three();
  set_timeout(scenario, "decision", Latency::constant(1h));
  // p1 and p2 are down when COMMIT arrives at 30 ms; back at 45 ms they ask and hear at 65 ms.
  scenario.faults = {crash("p1", 15ms, Latency::constant(30ms)),
                     crash("p2", 25ms, Latency::constant(20ms))};
  const Totals totals = run(scenario, "2pc", 10);
  EXPECT_EQ(totals.all_committed, 10u);
  EXPECT_EQ(totals.in_doubt_sum_time.mean(), 55e6 + 55e6 + 20e6);
  EXPECT_EQ(totals.in_doubt_any_time.mean(), 55e6);
  EXPECT_EQ(totals.in_doubt_down_time.mean(), 30e6 + 20e6);
  EXPECT_EQ(totals.down_in_doubt_at_end, 0u) << "both came back";
}

TEST(Doubt, LastsToTheEndOfATransactionThatNeverDecides) {
  Scenario scenario = three();
  scenario.transactions.horizon = 200ms;
  scenario.faults = {crash("coordinator", 15ms, Latency::constant(1h)), crash("p1", 50ms)};
  const Totals totals = run(scenario, "2pc", 10);
  EXPECT_EQ(totals.stranded, 10u);
  EXPECT_EQ(totals.in_doubt_any_time.count, 10u);
  EXPECT_EQ(totals.in_doubt_sum_time.mean(), 3 * totals.in_doubt_any_time.mean());
  EXPECT_EQ(totals.in_doubt_any_time.mean() - totals.in_doubt_down_time.mean(), 40e6)
      << "p1 is in doubt and up from 10 to 50 ms";
  EXPECT_EQ(totals.down_in_doubt_at_end, 10u) << "p1 is not back";
}

// ---- inquiries

TEST(InquiryRounds, AreTheMostThatOneParticipantSent) {
  Scenario scenario = three();
  set_timeout(scenario, "decision", Latency::constant(50ms));
  scenario.faults = {crash("coordinator", 15ms, Latency::constant(185ms))};
  // Votes leave at 10 ms. The coordinator is back at 200 ms and says ABORT, which arrives at
  // 210 ms, before the time-out of that instant: inquiries leave at 60, 110 and 160 ms.
  for (const auto* termination : {"ask-coordinator", "cooperative"}) {
    const Totals totals = run(scenario, "2pc", 10, {{"termination", termination}});
    EXPECT_EQ(totals.inquiry_rounds.mean(), 3) << termination;
    EXPECT_EQ(totals.inquiry_rounds.count, 10u);
  }
  scenario.faults.push_back(crash("p1", 70ms));
  EXPECT_EQ(run(scenario, "2pc", 10).inquiry_rounds.mean(), 3) << "p1's one is not the most";
  EXPECT_EQ(run(three(), "2pc", 10).inquiry_rounds.mean(), 0);
}

// In rounds, at the multiples of the time-out since the beginning: all at 50, 100, 150 and 200 ms,
// though p1 votes 4 ms after the others. The coordinator is back at 200 ms; its ABORT is on its way
// when the fourth round begins.
TEST(InquiryRounds, InCommonAreAtTheMultiplesOfTheTimeout) {
  Scenario scenario = three();
  scenario.services[0].prepare = Latency::constant(4ms);
  set_timeout(scenario, "decision", Latency::constant(50ms));
  scenario.faults = {crash("coordinator", 15ms, Latency::constant(185ms))};
  const auto inquiries = [&](const char* uncertain, std::string_view protocol) {
    const Totals totals = run(scenario, protocol, 10, {{"uncertain", uncertain}});
    EXPECT_EQ(totals.violations, decltype(totals.violations){}) << protocol;
    return totals.inquiry_rounds.mean();
  };
  EXPECT_EQ(inquiries("ask", "2pc"), 3);
  for (const char* protocol : {"2pc", "2pc-pra", "2pc-prc", "2pc-nprc"})
    EXPECT_EQ(inquiries("ask-in-rounds", protocol), 4) << protocol;
  EXPECT_EQ(inquiries("off", "2pc"), 0);
}

TEST(InquiryRounds, InCommonAreKeptByOneThatRestarts) {
  Scenario scenario = three();
  set_timeout(scenario, "decision", Latency::constant(50ms));
  // p1 is down from 61 to 62 ms: by its own period it asks at 60 and at once when it is back, then
  // at 112 ms; in rounds at 50 and 100 ms.
  scenario.faults = {crash("coordinator", 15ms, Latency::constant(500ms)),
                     crash("p1", 61ms, Latency::constant(1ms))};
  scenario.services[1].vote_yes = scenario.services[2].vote_yes = 0;
  scenario.transactions.horizon = 110ms;
  EXPECT_EQ(run(scenario, "2pc", 10, {{"uncertain", "ask"}}).inquiry_rounds.mean(), 2);
  scenario.transactions.horizon = 101ms;
  EXPECT_EQ(run(scenario, "2pc", 10, {{"uncertain", "ask-in-rounds"}}).inquiry_rounds.mean(), 2);
  scenario.transactions.horizon = 99ms;
  EXPECT_EQ(run(scenario, "2pc", 10, {{"uncertain", "ask-in-rounds"}}).inquiry_rounds.mean(), 1);
}

// ---- why a transaction aborted

TEST(AbortCauses, ACoordinatorThatComesBackUndecided) {
  Scenario scenario = three();
  scenario.faults = {crash("coordinator", 15ms, Latency::constant(100ms))};
  for (const auto* protocol : {"2pc", "2pc-pra"})
    EXPECT_EQ(by(run(scenario, protocol, 10), AbortCause::recovery), 10u) << protocol;
}

TEST(AbortCauses, SurvivorsOfThreePhaseCommit) {
  Scenario scenario = three();
  for (const auto* timer : {"decision", "commit", "states"})
    set_timeout(scenario, timer, Latency::constant(50ms));
  scenario.faults = {crash("coordinator", 15ms)};
  EXPECT_EQ(by(run(scenario, "3pc", 10), AbortCause::termination), 10u);
}

TEST(AbortCauses, CooperativeTerminationWithOneThatHasNotVoted) {
  Scenario scenario = three();
  scenario.services[2].prepare = Latency::constant(1s);
  set_timeout(scenario, "decision", Latency::constant(50ms));
  scenario.faults = {crash("coordinator", 15ms)};
  const Totals totals = run(scenario, "2pc", 10, {{"termination", "cooperative"}});
  EXPECT_EQ(totals.all_aborted, 10u);
  EXPECT_EQ(by(totals, AbortCause::termination), 10u);
}

TEST(AbortCauses, AParticipantThatWasNotAsked) {
  Scenario scenario = three();
  set_timeout(scenario, "request", Latency::constant(30ms));
  link_rule(scenario, "coordinator", "p2").loss = 1;
  const Totals totals = run(scenario, "2pc", 10, {{"unasked", "abort"}});
  EXPECT_EQ(by(totals, AbortCause::unasked), 10u);
}

TEST(AbortCauses, AcknowledgementsOfPreCommit) {
  Scenario scenario = three();
  set_timeout(scenario, "acks", Latency::constant(5ms));
  const Totals totals = run(scenario, "3pc", 10, {{"ack_missing", "abort"}});
  EXPECT_EQ(by(totals, AbortCause::ack_timeout), 10u);
}

TEST(AbortCauses, AreThoseOfTheFirstDecisionWhereTheCoordinatorWasTold) {
  Scenario scenario = three();
  for (const auto* timer : {"decision", "commit", "states"})
    set_timeout(scenario, timer, Latency::constant(50ms));
  // Back at 300 ms, when the survivors have aborted, it asks and is told.
  scenario.faults = {crash("coordinator", 15ms, Latency::constant(285ms))};
  const Totals totals = run(scenario, "3pc", 10);
  EXPECT_EQ(totals.decision_time.count, 10u);
  EXPECT_EQ(by(totals, AbortCause::termination), 10u);
}

TEST(AbortCauses, OfAllAbortsAddUp) {
  Scenario scenario = world(3, Latency::exponential(5ms));
  scenario.network.loss = 0.05;
  for (Service& s : scenario.services) s.vote_yes = 0.9;
  for (const auto* timer : {"votes", "decision", "acks", "commit", "states", "request"})
    set_timeout(scenario, timer, Latency::constant(30ms));
  scenario.faults = {crash("coordinator", 18ms, Latency::constant(100ms))};
  scenario.faults[0].when.probability = 0.3;
  scenario.transactions.horizon = 2s;
  for (const auto* protocol : {"2pc", "3pc", "easy-commit", "2pc-linear"}) {
    const Totals totals = run(scenario, protocol, 500);
    std::uint64_t sum = 0;
    for (const std::uint64_t n : totals.aborts_by_cause) sum += n;
    EXPECT_EQ(sum, totals.aborts) << protocol;
    EXPECT_EQ(by(totals, AbortCause::heuristic), 0u) << protocol;
  }
}

// ---- decided by an instant

// The coordinator decides at 20 ms, at a NO from p1, that votes 4 ms late, at 24 ms.
TEST(DecidedBy, CountsEachOutcomeUpToTheInstant) {
  Scenario scenario = three();
  scenario.decided_by = {19'999'999ns, 20ms, 24ms};
  const Totals yes = run(scenario, "2pc", 10);
  EXPECT_EQ(yes.commits_by, (std::vector<std::uint64_t>{0, 10, 10}));
  EXPECT_EQ(yes.aborts_by, (std::vector<std::uint64_t>{0, 0, 0}));
  scenario.services[0].vote_yes = 0;
  scenario.services[0].prepare = Latency::constant(4ms);
  const Totals no = run(scenario, "2pc", 10);
  EXPECT_EQ(no.commits_by, (std::vector<std::uint64_t>{0, 0, 0}));
  EXPECT_EQ(no.aborts_by, (std::vector<std::uint64_t>{0, 0, 10}))
      << "p1's own abort at 14 ms decides for nobody else";
}

TEST(DecidedBy, NeverCountsWhatIsNotDecided) {
  Scenario scenario = three();
  scenario.decided_by = {1h};
  scenario.faults = {crash("coordinator", 15ms)};
  const Totals totals = run(scenario, "2pc", 10);
  EXPECT_EQ(totals.blocked, 10u);
  EXPECT_EQ(totals.commits_by[0] + totals.aborts_by[0], 0u);
}

// ---- blocked by lost messages alone

/// A fault that never meets a message: each transaction is watched from its beginning.
Fault idle_fault() {
  Fault fault;
  fault.kind = Fault::Kind::message;
  fault.action = Fault::Action::lose;
  fault.nth = 1000;
  return fault;
}

void expect_same_blockage(const Totals& lossy, const Totals& watched) {
  EXPECT_EQ(lossy.ever_blocked, watched.ever_blocked);
  EXPECT_EQ(lossy.blocked_at_end, watched.blocked_at_end);
  EXPECT_EQ(lossy.blocked_to_end, watched.blocked_to_end);
  EXPECT_EQ(lossy.blocked_time, watched.blocked_time);
  EXPECT_EQ(lossy.blocked_sum_time, watched.blocked_sum_time);
  EXPECT_EQ(lossy.blocked_participants, watched.blocked_participants);
}

TEST(BlockedByLoss, BeginsWhenTheLastThatCouldHelpIsGone) {
  Scenario scenario = three();
  link_rule(scenario, "coordinator", "p1").loss = 1;
  scenario.network.loss = 0;
  // PREPARE never reaches p1. p2 and p3 vote at 10 ms; p1's vote is out of the question from the
  // beginning, so that they are blocked as soon as they are in doubt, until their votes arrive.
  Totals totals = run(scenario, "2pc", 10);
  EXPECT_EQ(totals.ever_blocked, 10u);
  EXPECT_EQ(totals.blocked_to_end, 10u);
  EXPECT_EQ(totals.blocked_participants.mean(), 2);
  EXPECT_EQ(totals.blocked_time.mean(), 10e6);
  EXPECT_EQ(totals.blocked_sum_time.mean(), 20e6);
}

TEST(BlockedByLoss, IsTheSameAsUnderAFaultThatNeverStrikes) {
  Scenario scenario = three();
  scenario.network.latency = Latency::exponential(10ms);
  link_rule(scenario, "", "").loss = 0.3;
  set_timeout(scenario, "votes", Latency::constant(50ms));
  Scenario watched = scenario;
  watched.faults = {idle_fault()};
  for (const auto* protocol : {"2pc", "2pc-prc", "3pc", "2pc-linear", "2pc-decentralised"}) {
    SCOPED_TRACE(protocol);
    const Totals lossy = run(scenario, protocol, 2000);
    EXPECT_GT(lossy.ever_blocked, 100u);
    expect_same_blockage(lossy, run(watched, protocol, 2000));
  }
}

TEST(BlockedByLoss, IsTheSameWhereTransactionsOverlap) {
  Scenario scenario = overlapping(three(), 1ms);
  scenario.network.latency = Latency::exponential(10ms);
  link_rule(scenario, "", "").loss = 0.2;
  const Totals alone = run(scenario, "2pc", 2000);
  for (const EventList list : {EventList::heap, EventList::ladder}) {
    SimulationOptions options;
    options.event_list = list;
    expect_same_blockage(alone, run(scenario, "2pc", 2000, {}, options));
  }
}

TEST(BlockedByLoss, IsTheSameForAClientsAttempts) {
  Scenario scenario = three();
  link_rule(scenario, "", "").loss = 0.2;
  scenario.client = Client{};
  scenario.client->attempts = 3;
  Scenario watched = scenario;
  watched.faults = {idle_fault()};
  expect_same_blockage(run(scenario, "2pc", 2000), run(watched, "2pc", 2000));
}

TEST(BlockedByLoss, AtTheHorizonIsToldFromWaiting) {
  Scenario scenario = three();
  scenario.transactions.horizon = 100ms;
  link_rule(scenario, "coordinator", "p1").loss = 1;
  set_timeout(scenario, "votes", Latency::constant(50ms));
  set_timeout(scenario, "acks", Latency::constant(30ms));
  // p1 is not reached, and the others are told ABORT at 60 ms; nobody stays in doubt.
  EXPECT_EQ(run(scenario, "2pc", 10).ever_blocked, 0u);
  // A third of the messages is lost, and COMMIT is repeated: at the horizon all can still learn it.
  link_rule(scenario, "coordinator", "p1").loss = 0;
  scenario.network.links.clear();
  link_rule(scenario, "", "").loss = 0.3;
  const Totals waiting = run(scenario, "2pc", 2000);
  EXPECT_GT(waiting.stranded, 50u);
  EXPECT_EQ(waiting.ever_blocked, 0u);
}

// ---- caught by a crash

TEST(CaughtByACrash, CountsTransactionsUnderWay) {
  Scenario scenario = overlapping(three(), 7ms);
  scenario.transactions.arrivals = {Arrivals::Kind::constant, 50e6};
  // Transactions begin every 50 ms and take 40 ms with their acknowledgements: the crash at 120 ms
  // meets the third one, begun at 100 ms; the one of 150 ms finds the site up again.
  scenario.faults = {crash("p1", 120ms, Latency::constant(10ms))};
  set_timeout(scenario, "decision", Latency::constant(20ms));
  const Totals totals = run(scenario, "2pc", 10);
  EXPECT_EQ(totals.transactions, 10u);
  EXPECT_EQ(totals.crashed, 1u);
}

}  // namespace
}  // namespace indoubt
