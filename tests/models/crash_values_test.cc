// Goal: models of crashes, blocking, availability and locks give known values to nine digits. The
// expected values come from elsewhere: the reference's tables, numerical integration over the crash
// instant, or all cases counted one by one.
#include <gtest/gtest.h>

#include <bitset>
#include <cmath>
#include <functional>

#include "tests/models/make_crash_scenario.h"

namespace indoubt {
namespace {

using namespace std::chrono_literals;

constexpr double kNineDigits = 0.6e-9;

/// Simpson's rule with 2,000 intervals.
double integral(double from, double to, const std::function<double(double)>& f) {
  constexpr int kSteps = 2000;
  const double h = (to - from) / kSteps;
  double sum = f(from) + f(to);
  for (int i = 1; i < kSteps; ++i) sum += f(from + i * h) * (i % 2 == 1 ? 4 : 2);
  return sum * h / 3;
}

/// Of g(c), weighted with the density of a crash at c, over from <= c < to.
double over_crashes(double mttf, double from, double to, const std::function<double(double)>& g) {
  return integral(from, to, [&](double c) { return g(c) * std::exp(-c / mttf) / mttf; });
}

void expect_relative(double found, double expected, const char* what = "") {
  EXPECT_NEAR(found / expected, 1, kNineDigits) << what << found << " for " << expected;
}

// ---- between PREPARE and COMMIT -----------------------------------------------------------------

TEST(CoordinatorExposure, HasTheReferencesValues) {
  Scenario scenario = timeline();  // w = 2 x 10 + 5 + 5 ms
  scenario.faults = {random_crash(Latency::exponential(60s))};
  EXPECT_NEAR(prediction("coordinator-exposure", scenario, traits_of("2pc", 3)), 0.000499875021,
              1e-12);
  scenario = timed(3, 1ms, 1ms);
  scenario.faults = {random_crash(Latency::exponential(10s))};
  EXPECT_NEAR(prediction("coordinator-exposure", scenario, traits_of("2pc-pra", 3)), 0.00039992001,
              1e-12);
}

TEST(CoordinatorExposure, IntegratesTheCrashDensityAlsoWhereCrashesAreFrequent) {
  Scenario scenario = timeline();
  scenario.faults = {random_crash(Latency::exponential(50ms))};
  const auto one = [](double) { return 1.0; };
  EXPECT_NEAR(prediction("coordinator-exposure", scenario, traits_of("2pc", 3)),
              over_crashes(50e6, 0, 30e6, one), kNineDigits);
  // Presumed commit forces its list first: a crash in those 5 ms strands nobody.
  EXPECT_NEAR(prediction("coordinator-exposure", scenario, traits_of("2pc-prc", 3)),
              over_crashes(50e6, 5e6, 35e6, one), kNineDigits);
}

TEST(CoordinatorExposure, LastsAsLongAsTheSlowestParticipant) {
  Scenario scenario = timeline();
  scenario.faults = {random_crash(Latency::exponential(50ms))};
  scenario.services[1].prepare = Latency::constant(3ms);
  scenario.network.links = {{"s3", "coordinator", Latency::constant(17ms), {}, {}}};
  const double w = 10e6 + 5e6 + 17e6 + 5e6;  // s3's vote is the last
  EXPECT_NEAR(prediction("coordinator-exposure", scenario, traits_of("2pc", 3)),
              over_crashes(50e6, 0, w, [](double) { return 1.0; }), kNineDigits);
}

TEST(CaughtByCrash, IsTheRateTimesTheStretch) {
  Scenario scenario = timeline();
  scenario.transactions.sites = Sites::shared;
  scenario.transactions.count = 100'000;
  scenario.transactions.arrivals = {Arrivals::Kind::poisson, 1e6};  // 1000/s
  scenario.faults = {crash_at(50s, Latency::constant(1s))};
  EXPECT_NEAR(prediction("caught-by-crash", scenario, traits_of("2pc", 3)) * 100'000, 30,
              30 * kNineDigits);
}

TEST(CaughtByCrash, IsTheShareOfInstantsThatLieInTheStretch) {
  Scenario scenario = timeline();
  scenario.faults = {random_crash(uniform(0ms, 1s))};
  EXPECT_NEAR(prediction("caught-by-crash", scenario, traits_of("2pc", 3)), 0.03, kNineDigits);
  int caught = 0;  // one instant in each microsecond
  for (int i = 0; i < 1'000'000; ++i) caught += i >= 5'000 && i < 35'000;
  EXPECT_NEAR(prediction("caught-by-crash", scenario, traits_of("2pc-prc", 3)), caught / 1e6,
              kNineDigits);
}

// ---- in doubt -----------------------------------------------------------------------------------

TEST(UncertainTime, HasTheReferencesValue) {
  for (const char* protocol : {"2pc", "2pc-pra", "2pc-prc", "2pc-nprc"}) {
    EXPECT_DOUBLE_EQ(prediction("uncertain-time", timeline(), traits_of(protocol, 3)), 25e6)
        << protocol;
  }
}

TEST(UncertainTime, AddsTheRoundAndTheWritesOfPreCommit) {
  const auto three_phases = [](const char* records) {
    const auto traits = traits_of("3pc", 3, {{"pre_commit_record", records}});
    return prediction("uncertain-time", timeline(), traits);
  };
  EXPECT_DOUBLE_EQ(three_phases("none"), 45e6);          // 4 d + fc
  EXPECT_DOUBLE_EQ(three_phases("participants"), 50e6);  // and fp
  EXPECT_DOUBLE_EQ(three_phases("all"), 55e6);           // and another fc
}

TEST(UncertainTime, AveragesOverParticipantsThatDiffer) {
  Scenario scenario = timeline();
  scenario.services[0].prepare = Latency::constant(7ms);
  scenario.network.links = {{"coordinator", "s2", Latency::constant(20ms), {}, {}},
                            {"s3", "coordinator", Latency::constant(31ms), {}, {}}};
  // YES leaves at 22, 25, 15 and is in at 32, 35, 46; COMMIT leaves at 51, arrives at 61, 71, 61.
  EXPECT_DOUBLE_EQ(prediction("uncertain-time", scenario, traits_of("2pc", 3)),
                   ((61 - 22) + (71 - 25) + (61 - 15)) / 3.0 * 1e6);
}

// ---- locks --------------------------------------------------------------------------------------

/// Transactions a second of one record.
double hot_record(std::string_view protocol, const char* records = "") {
  const auto traits = traits_of(protocol, 3, {{"pre_commit_record", records}});
  return 1e9 / prediction("lock-hold", timed(3, 1ms, 1ms), traits);
}

TEST(LockHold, HasTheReferencesThroughputs) {
  expect_relative(hot_record("2pc"), 200, "2pc: ");
  expect_relative(hot_record("2pc-pra"), 200, "2pc-pra: ");
  expect_relative(hot_record("2pc-prc"), 250, "2pc-prc: ");
  expect_relative(hot_record("2pc-nprc"), 250, "2pc-nprc: ");
  expect_relative(hot_record("3pc", "all"), 1000.0 / 9, "3pc: ");
}

TEST(LockHold, HasTheReferencesTimelines) {  // free at 45; PREPARE arrives at 10, under PrC at 15
  EXPECT_DOUBLE_EQ(prediction("lock-hold", timeline(), traits_of("2pc", 3)), 35e6);
  EXPECT_DOUBLE_EQ(prediction("lock-hold", timeline(), traits_of("2pc-prc", 3)), 30e6);
}

TEST(LockHold, AveragesOverParticipantsThatDiffer) {
  Scenario scenario = timeline();
  scenario.services[0].prepare = Latency::constant(7ms);
  scenario.network.links = {{"coordinator", "s2", Latency::constant(20ms), {}, {}},
                            {"s3", "coordinator", Latency::constant(31ms), {}, {}}};
  // PREPARE arrives at 10, 20, 10, the last YES at 46; COMMIT leaves at 51, is recorded at 66,
  // 76, 66.
  EXPECT_DOUBLE_EQ(prediction("lock-hold", scenario, traits_of("2pc", 3)),
                   ((66 - 10) + (76 - 20) + (66 - 10)) / 3.0 * 1e6);
}

// ---- how long -----------------------------------------------------------------------------------

/// Failure scenario S1 of the reference: the coordinator down from 28 to 528 ms.
Scenario failure_scenario_1() {
  Scenario scenario = timeline();
  scenario.faults = {crash_at(28ms, Latency::constant(500ms))};
  set_timeout(scenario, "decision", Latency::constant(50ms));
  return scenario;
}

TEST(BlockedTime, OfACrashAtAGivenTimeIsTheOutageLessTheTimeBeforeDoubt) {
  Scenario scenario = failure_scenario_1();
  EXPECT_DOUBLE_EQ(prediction("blocked-time", scenario, traits_of("2pc-pra", 3)), 500e6);
  scenario.faults[0].when.time = 4ms;  // in doubt from 15 ms on
  EXPECT_DOUBLE_EQ(prediction("blocked-time", scenario, traits_of("2pc-pra", 3)), 489e6);
}

/// By integration over the first crash, after which each further one comes with the density of an
/// exponential time during the forced abort: outages follow until one write gets through.
double blocked_by_integration(double mttf, double from, double to, double in_doubt, double down,
                              double force) {
  const double caught = over_crashes(mttf, from, to, [](double) { return 1.0; });
  const double first = over_crashes(
      mttf, from, to, [&](double c) { return down - (c < in_doubt ? in_doubt - c : 0); });
  // Simpson's rule meets the kink at `in_doubt`, an even number of steps from either end.
  double further = 0, reached = 1;
  const double again = over_crashes(mttf, 0, force, [](double) { return 1.0; });
  for (int k = 1; k < 400; ++k) further += down * (reached *= again);
  return first / caught + further;
}

TEST(BlockedTime, IntegratesOverTheCrashInstant) {
  Scenario scenario = timeline();
  scenario.faults = {random_crash(Latency::exponential(50ms), Latency::constant(200ms))};
  expect_relative(prediction("blocked-time", scenario, traits_of("2pc", 3)),
                  blocked_by_integration(50e6, 0, 30e6, 15e6, 200e6, 5e6), "2pc: ");
  // Presumed commit: the list first, and an abort record that is not forced.
  expect_relative(prediction("blocked-time", scenario, traits_of("2pc-prc", 3)),
                  blocked_by_integration(50e6, 5e6, 35e6, 20e6, 200e6, 0), "2pc-prc: ");
  scenario.faults[0].when.until = 40ms;
  expect_relative(prediction("blocked-time", scenario, traits_of("2pc", 3)),
                  blocked_by_integration(50e6, 0, 30e6, 15e6, 200e6, 0), "one crash: ");
}

TEST(BlockedTime, TakesTheMeanOfARandomOutage) {
  Scenario scenario = timeline();
  scenario.faults = {random_crash(Latency::exponential(60s), uniform(100ms, 300ms))};
  expect_relative(prediction("blocked-time", scenario, traits_of("2pc", 3)),
                  blocked_by_integration(60e9, 0, 30e6, 15e6, 200e6, 5e6));
}

TEST(DoubtWithCrashes, OfACrashAtAGivenTimeEndsOneWriteAndOneDelayAfterTheRestart) {
  const auto traits = traits_of("2pc", 3);
  EXPECT_DOUBLE_EQ(prediction("doubt-with-crashes", failure_scenario_1(), traits),
                   (528 + 5 + 10 - 15) * 1e6);
}

/// Forcing the abort takes `force`, or until a crash, an outage, and all of that again: the fixed
/// point, by iteration.
double write_by_iteration(double mttf, double down, double force) {
  const double again = over_crashes(mttf, 0, force, [](double) { return 1.0; });
  const double until = over_crashes(mttf, 0, force, [](double c) { return c; });
  double mean = force;
  for (int i = 0; i < 400; ++i) mean = (1 - again) * force + until + again * (down + mean);
  return mean;
}

double doubt_by_integration(double mttf, double from, double to, double in_doubt, double down,
                            double write) {
  const double gone = over_crashes(mttf, 0, from, [](double) { return 1.0; });
  const double caught = over_crashes(mttf, from, to, [](double) { return 1.0; });
  const double waits =
      over_crashes(mttf, from, to, [&](double c) { return c + down + write + 10e6 - in_doubt; });
  return (waits + (1 - gone - caught) * 25e6) / (1 - gone);
}

TEST(DoubtWithCrashes, IntegratesOverTheCrashInstant) {
  Scenario scenario = timeline();
  scenario.faults = {random_crash(Latency::exponential(50ms), Latency::constant(200ms))};
  expect_relative(
      prediction("doubt-with-crashes", scenario, traits_of("2pc", 3)),
      doubt_by_integration(50e6, 0, 30e6, 15e6, 200e6, write_by_iteration(50e6, 200e6, 5e6)),
      "2pc: ");
  expect_relative(prediction("doubt-with-crashes", scenario, traits_of("2pc-prc", 3)),
                  doubt_by_integration(50e6, 5e6, 35e6, 20e6, 200e6, 0), "2pc-prc: ");
  scenario.faults[0].when.until = 100ms;
  expect_relative(prediction("doubt-with-crashes", scenario, traits_of("2pc", 3)),
                  doubt_by_integration(50e6, 0, 30e6, 15e6, 200e6, 5e6), "one crash: ");
}

// ---- who learns ---------------------------------------------------------------------------------

/// Over all subsets of COMMITs that are lost.
double stuck_by_enumeration(const std::vector<double>& lost, bool cooperative) {
  double stuck = 0;
  const unsigned n = static_cast<unsigned>(lost.size());
  for (unsigned subset = 0; subset < 1u << n; ++subset) {
    double p = 1;
    for (unsigned i = 0; i < n; ++i) p *= (subset >> i & 1) != 0 ? lost[i] : 1 - lost[i];
    if (cooperative ? subset + 1 == 1u << n : subset != 0) stuck += p;
  }
  return stuck;
}

TEST(LostDecisions, HasTheReferencesValues) {
  const auto predicted = [](double q, int n, bool cooperative) {
    Scenario scenario = timed(n, 10ms, 5ms);
    set_timeout(scenario, "decision", Latency::constant(1s));
    scenario.faults = {lost_commit(q), death_after_commits(n)};
    return prediction(
        "lost-decisions", scenario,
        traits_of("2pc", n, {{"termination", cooperative ? "cooperative" : "ask-coordinator"}}));
  };
  EXPECT_NEAR(predicted(0.05, 3, false), 0.142625, kNineDigits);
  EXPECT_NEAR(predicted(0.05, 3, true), 0.000125, kNineDigits);
  EXPECT_NEAR(predicted(0.3, 2, false), 0.51, kNineDigits);
  EXPECT_NEAR(predicted(0.3, 2, true), 0.09, kNineDigits);
}

TEST(LostDecisions, CountsEverySubsetOfUnequalLosses) {
  Scenario scenario = timeline();
  scenario.faults = {lost_commit(0.1), lost_commit(0.2, "s2"), lost_commit(0.5, "s3"),
                     death_after_commits(3)};
  const std::vector<double> lost = {0.1, 1 - 0.9 * 0.8, 1 - 0.9 * 0.5};
  const auto cooperative = traits_of("2pc", 3, {{"termination", "cooperative"}});
  EXPECT_NEAR(prediction("lost-decisions", scenario, cooperative),
              stuck_by_enumeration(lost, false), kNineDigits)
      << "nobody asks without a time-out";
  set_timeout(scenario, "decision", Latency::constant(1s));
  EXPECT_NEAR(prediction("lost-decisions", scenario, cooperative), stuck_by_enumeration(lost, true),
              kNineDigits);
}

// ---- who is up ----------------------------------------------------------------------------------

TEST(Retries, HasTheReferencesValue) {
  Scenario scenario = scenario_of(3, 0.9);
  scenario.client = Client{.attempts = 3};
  EXPECT_NEAR(prediction("retries", scenario), 0.980097489, kNineDigits);
}

TEST(Retries, CountsEverySequenceOfVotes) {
  Scenario scenario = scenario_of({0.9, 0.8, 0.7});
  scenario.client = Client{.attempts = 2};
  const std::vector<double> p = scenario.vote_probabilities();
  for (const int needed : {2, 3}) {
    double commits = 0;
    for (unsigned votes = 0; votes < 1u << 6; ++votes) {  // three in each of two attempts
      double weight = 1;
      for (unsigned i = 0; i < 6; ++i) weight *= (votes >> i & 1) != 0 ? p[i % 3] : 1 - p[i % 3];
      const int first = static_cast<int>(std::bitset<3>(votes & 7).count());
      const int second = static_cast<int>(std::bitset<3>(votes >> 3).count());
      if (first >= needed || second >= needed) commits += weight;
    }
    EXPECT_NEAR(prediction("retries", scenario, needed == 3 ? kAll : kMajorityRule), commits,
                kNineDigits);
  }
}

TEST(AllSitesUp, HasTheReferencesValue) {  // 720 h up, 1 h down
  Scenario scenario = scenario_of(3, 1);
  scenario.transactions.sites = Sites::shared;
  for (const char* site : {"coordinator", "s1", "s2", "s3"}) {
    scenario.faults.push_back(random_crash(Latency::exponential(720h), Latency::exponential(1h)));
    scenario.faults.back().sites = {site};
  }
  EXPECT_NEAR(prediction("all-sites-up", scenario), 0.994463681, kNineDigits);
  scenario.faults.resize(1);
  EXPECT_NEAR(prediction("all-sites-up", scenario), 0.998613037, kNineDigits);
}

TEST(AllSitesUp, CountsEverySubsetOfSitesThatAreDown) {
  Scenario scenario = scenario_of({1, 0.9, 0.8, 1});
  Fault coordinator = down_from_the_start("coordinator"), some = down_from_the_start("s1"),
        zone = down_from_the_start("east");
  coordinator.when.probability = 0.1;
  some.sites = {"s1", "s2"};  // with probability 0.5, each then with 0.2
  some.when.probability = 0.5;
  some.each = 0.2;
  scenario.zones = {{"east", {"s2", "s3"}}};  // both at once
  zone.when.probability = 0.3;
  scenario.faults = {coordinator, some, zone};
  double all_up = 0;
  for (unsigned drawn = 0; drawn < 1u << 5; ++drawn) {  // C, some, s1 of some, s2 of some, east
    const bool c = drawn & 1, s = drawn & 2, s1 = drawn & 4, s2 = drawn & 8, east = drawn & 16;
    const double weight = (c ? 0.1 : 0.9) * (s ? 0.5 : 0.5) * (s1 ? 0.2 : 0.8) * (s2 ? 0.2 : 0.8) *
                          (east ? 0.3 : 0.7);
    if (!c && !(s && (s1 || s2)) && !east) all_up += weight;
  }
  EXPECT_NEAR(prediction("all-sites-up", scenario), all_up * 0.9 * 0.8, kNineDigits);
}

/// Over all subsets of 2 f + 1 acceptors that are up.
double majority_by_enumeration(unsigned f, double up) {
  double commit = 0;
  const unsigned acceptors = 2 * f + 1;
  for (unsigned subset = 0; subset < 1u << acceptors; ++subset) {
    const auto alive = static_cast<unsigned>(std::bitset<15>(subset).count());
    if (alive > f) commit += std::pow(up, alive) * std::pow(1 - up, acceptors - alive);
  }
  return commit;
}

TEST(AcceptorMajority, CountsEverySubsetOfAcceptors) {
  Fault down = down_from_the_start("acceptor");
  down.each = 0.001;
  Scenario scenario = scenario_of(3, 1);
  scenario.faults = {down};
  EXPECT_NEAR(prediction("acceptor-majority", scenario, traits_of("paxos-commit", 3)), 0.999997002,
              kNineDigits);
  scenario.faults[0].each = 0.3;
  for (const unsigned f : {0u, 1u, 2u, 5u}) {
    const auto traits = traits_of("paxos-commit", 3, {{"faults", std::to_string(f)}});
    EXPECT_NEAR(prediction("acceptor-majority", scenario, traits), majority_by_enumeration(f, 0.7),
                kNineDigits)
        << f;
  }
  scenario.services[0].vote_yes = 0.9;
  EXPECT_NEAR(prediction("acceptor-majority", scenario, traits_of("paxos-commit", 3)),
              0.9 * majority_by_enumeration(1, 0.7), kNineDigits);
}

}  // namespace
}  // namespace indoubt
