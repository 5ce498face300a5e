// Goal: a model refuses every scenario that its formula does not describe, and says what breaks it
// and what to change. Here: the models of crashes, blocking and locks.
#include <gtest/gtest.h>

#include "tests/models/make_crash_scenario.h"

namespace indoubt {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kOfCrashes[] = {"coordinator-exposure", "blocked-time",
                                           "doubt-with-crashes"};
constexpr std::string_view kOfCommits[] = {"coordinator-exposure", "blocked-time",
                                           "doubt-with-crashes", "uncertain-time", "lock-hold"};

/// The scenario that the model is about.
Scenario fit_for(std::string_view model) {
  return model == "uncertain-time" || model == "lock-hold" ? timeline() : crashing();
}

// ---- commits in constant time -------------------------------------------------------------------

TEST(CommitModels, ApplyToTwoPhasesOfConstantTimesWhateverIsPresumed) {
  for (const auto model : kOfCommits) {
    for (const char* protocol : {"2pc", "2pc-prc", "2pc-nprc"})
      expect_refused(model, fit_for(model), "", protocol);
    expect_refused(model, fit_for(model), "", "2pc-pra",
                   {{"recover_undecided", "abort"}, {"start_record", "free"}});
  }
  expect_refused("uncertain-time", timeline(), "", "3pc");
  expect_refused("lock-hold", timeline(), "", "3pc", {{"pre_commit_record", "all"}});
}

TEST(CommitModels, RefuseCommitsThatGoAnotherWay) {
  const std::string why =
      "commits of this protocol, or under these options, do not consist of rounds between the "
      "coordinator and all participants; use 2pc, one of its presumptions or 3pc";
  for (const auto model : kOfCommits) {
    for (const char* protocol : {"2pc-linear", "2pc-decentralised", "paxos-commit", "easy-commit"})
      expect_refused(model, fit_for(model), why, protocol);
    expect_refused(model, fit_for(model), why, "2pc", {{"mistake", "decision_before_force"}});
    expect_refused(model, fit_for(model), why, "2pc", {{"telling", "one-by-one"}});
  }
  expect_refused("uncertain-time", timeline(), why, "3pc", {{"ack_rule", "majority"}});
}

TEST(CommitModels, RefuseVotesThatMayBreakTheCommit) {
  for (const auto model : kOfCommits) {
    Scenario scenario = fit_for(model);
    scenario.services[1].vote_yes = 0.9;
    expect_refused(model, scenario,
                   "s2 may vote NO, and the formula is about a commit that all vote for; set "
                   "`vote_yes: 1`");
    scenario.services[1].vote_yes = 1;
    scenario.services[2].read_only = 0.1;
    expect_refused(model, scenario,
                   "s3 may vote READ, and the formula knows YES and NO only; set `read_only: 0`");
    expect_refused(model, fit_for(model),
                   "commit needs 2 of 3 YES votes, and the formula's rule needs 3", "2pc",
                   {{"decision_rule", "majority"}});
    expect_refused(
        model, fit_for(model),
        "participants are asked one after another, and the formula has all asked at once", "2pc",
        {{"asking", "one-by-one"}});
  }
}

TEST(CommitModels, RefuseTimesThatAreNotConstant) {
  for (const auto model : kOfCommits) {
    Scenario scenario = fit_for(model);
    scenario.network.links = {{"s2", "", Latency::exponential(10ms), {}, {}}};
    expect_refused(model, scenario,
                   "a message from s2 takes exponential 10ms, and the formula has constant times; "
                   "make it one");
    scenario = fit_for(model);
    scenario.services[0].prepare = Latency::exponential(1ms);
    expect_refused(model, scenario,
                   "the local work of s1 takes exponential 1ms, and the formula has constant "
                   "times; make it one");
    scenario = fit_for(model);
    scenario.disk.force = uniform(1ms, 2ms);
    expect_refused(model, scenario,
                   "a forced write takes uniform 1ms 2ms, and the formula has constant times; make "
                   "it one");
    scenario = fit_for(model);
    scenario.network.send_gap = 1ms;
    expect_refused(model, scenario,
                   "a broadcast does not leave at one instant, as in the formula; set `send_gap: "
                   "0s`");
    scenario = fit_for(model);
    scenario.execution = true;
    expect_refused(model, scenario,
                   "the participants work before the commit begins, and the formula begins with "
                   "PREPARE; set `execution: no`");
    scenario = fit_for(model);
    scenario.client = Client{.attempts = 2};
    expect_refused(model, scenario,
                   "a client tries again what it hears nothing of, and the formula is about each "
                   "transaction alike; leave out `client`");
    scenario = fit_for(model);
    scenario.cpu = Latency::constant(1ms);
    expect_refused(model, scenario,
                   "a processor takes 1ms for each message, and the formula knows none; leave out "
                   "`cpu`");
  }
}

TEST(CommitModels, RefuseLossDuplicationSharedSitesAndEarlyTimeouts) {
  for (const auto model : kOfCommits) {
    Scenario scenario = fit_for(model);
    scenario.network.loss = 0.1;
    expect_refused(model, scenario, "messages are lost with probability 0.1");
    scenario.network.loss = 0;
    scenario.network.duplication = 0.1;
    expect_refused(model, scenario, "messages are duplicated with probability 0.1");
    scenario = fit_for(model);
    set_timeout(scenario, "votes", Latency::constant(24ms));
    expect_refused(model, scenario,
                   "the time-out `votes` (24ms) can fire before the vote of s1 arrives, which "
                   "takes up to 25ms");
    scenario = fit_for(model);
    scenario.transactions.sites = Sites::shared;
    expect_refused(model, scenario,
                   "transactions share their sites, and the formula describes one transaction "
                   "alone");
  }
}

TEST(CommitModels, WithoutFaultsRefuseThem) {
  for (const char* model : {"uncertain-time", "lock-hold"}) {
    expect_refused(model, crashing(), "faults strike, and the formula is about runs without");
  }
}

// ---- crashes of the coordinator -----------------------------------------------------------------

TEST(CrashModels, RefuseRunsWithoutACrash) {
  for (const auto model : kOfCrashes) {
    expect_refused(model, timeline(),
                   "nothing fails, and the formula is about crashes of the coordinator; give one "
                   "under `faults`, like `crash: {site: coordinator, mttf: exponential 60s, "
                   "restart: 1s}`");
  }
}

TEST(CrashModels, RefuseOtherFaults) {
  const std::string why =
      "the faults are not just crashes of the coordinator; leave only `crash: {site: coordinator, "
      "...}` under `faults`";
  for (const auto model : kOfCrashes) {
    Scenario scenario = crashing();
    scenario.faults.push_back(lost_commit(0.1));
    expect_refused(model, scenario, why);
    scenario.faults = {crash_of("s1")};
    expect_refused(model, scenario, why);
    scenario.faults = {crash_of("coordinator")};
    scenario.faults[0].sites.push_back("s1");
    expect_refused(model, scenario, why);
  }
}

TEST(CrashModels, RefuseCrashesUnderConditions) {
  for (const auto model : kOfCrashes) {
    Scenario scenario = crashing();
    scenario.faults[0].when.probability = 0.5;
    expect_refused(model, scenario,
                   "`crash-1` does not strike every transaction alike; take away its conditions");
    scenario = crashing();
    scenario.faults[0].log_lost = true;
    expect_refused(model, scenario,
                   "`crash-1` does more than lose what is volatile; leave out `log` and "
                   "`messages`");
    scenario = crashing();
    scenario.services[2].at_coordinator = true;
    expect_refused(model, scenario, "s3 crashes with the coordinator; give it a site of its own");
    scenario = crashing();
    scenario.faults[0].when.until = 29ms;
    expect_refused(model, scenario,
                   "the window of `crash-1` ends before the decision is sent, after 30ms; let it "
                   "end later");
  }
}

TEST(CrashModels, RefuseProtocolsThatDoNotWaitForTheirCoordinator) {
  const std::string why =
      "under this protocol or its options participants in doubt do not simply wait for their "
      "coordinator; use 2pc, and leave `uncertain` and `unasked` as they are";
  for (const auto model : kOfCrashes) {
    expect_refused(model, crashing(), why, "3pc");
    expect_refused(model, crashing(), why, "2pc", {{"uncertain", "abort"}});
    expect_refused(model, crashing(), why, "2pc", {{"unasked", "abort"}});
    expect_refused(model, crashing(), "", "2pc", {{"uncertain", "off"}});
  }
}

TEST(CrashModels, RefuseAQuestionToOneThatHasNotVoted) {
  Scenario scenario = crashing();
  scenario.services[1].prepare = Latency::constant(40ms);
  Scenario patient = scenario;
  set_timeout(patient, "decision", Latency::constant(1s));
  set_timeout(scenario, "decision", Latency::constant(40ms));
  for (const auto model : kOfCrashes) {
    expect_refused(model, scenario, "");
    expect_refused(model, scenario,
                   "a participant in doubt may ask another that has not voted, which then aborts; "
                   "make the time-out `decision` (40ms) longer",
                   "2pc", {{"termination", "cooperative"}});
    expect_refused(model, patient, "", "2pc", {{"termination", "cooperative"}});
    expect_refused(model, patient,
                   "a participant in doubt may ask another that has not voted, which then aborts, "
                   "since rounds do not wait for it to be in doubt; use `uncertain: ask`",
                   "2pc", {{"termination", "cooperative"}, {"uncertain", "ask-in-rounds"}});
  }
}

TEST(CrashModels, RefuseAnOutageThatIsOverBeforeAnybodyIsInDoubt) {
  Scenario scenario = crashing();
  scenario.faults[0].lasts = Latency::constant(14ms);
  for (const auto model : kOfCrashes) {
    expect_refused(model, scenario,
                   "the coordinator can be back before everybody is in doubt, and has then blocked "
                   "nobody; let it stay down for at least 15ms");
  }
}

TEST(CoordinatorExposure, RefusesCrashesThatAreNotExponential) {
  Scenario scenario = crashing();
  const std::string why =
      "`crash-1` does not come after an exponential time; give it one, like `mttf: exponential "
      "60s`";
  scenario.faults = {random_crash(uniform(0s, 1s))};
  expect_refused("coordinator-exposure", scenario, why);
  scenario.faults = {crash_at(20ms)};
  expect_refused("coordinator-exposure", scenario, why);
}

TEST(DurationsOfBlocking, RefuseACrashOutsideOfTheStretchAndOneForEver) {
  for (const char* model : {"blocked-time", "doubt-with-crashes"}) {
    Scenario scenario = crashing();
    scenario.faults = {crash_at(30ms, Latency::constant(1s))};
    expect_refused(model, scenario,
                   "`crash-1` does not come between PREPARE and the decision; let it come after "
                   "more than 0s and before 30ms");
    scenario.faults = {crash_at(5ms, Latency::constant(1s))};
    expect_refused(model, scenario, "");
    expect_refused(model, scenario,
                   "`crash-1` does not come between PREPARE and the decision; let it come after "
                   "more than 5ms and before 35ms",
                   "2pc-prc");
    scenario.faults = {crash_at(20ms)};
    expect_refused(model, scenario,
                   "`crash-1` is for ever, and the formula waits for the coordinator; give a "
                   "`restart`");
    scenario.faults = {crash_at(20ms, Latency::constant(1h))};
    expect_refused(model, scenario,
                   "the horizon (1h) can end a transaction while the coordinator is down; make it "
                   "longer");
  }
}

TEST(DurationsOfBlocking, RefuseAWindowThatEndsAmongFurtherCrashes) {
  Scenario scenario = crashing();
  for (const char* model : {"blocked-time", "doubt-with-crashes"}) {
    scenario.faults[0].when.until = 100ms;  // the first restart
    expect_refused(model, scenario, "");
    scenario.faults[0].when.until = 101ms;
    expect_refused(model, scenario,
                   "the window of `crash-1` leaves time for some further crashes and not for "
                   "others; let it end no later than the first restart, or leave it out");
  }
}

TEST(BlockedTime, NeedsSomebodyToAskASilentCoordinator) {
  Scenario scenario = crashing();
  expect_refused("blocked-time", scenario,
                 "the coordinator is silent after its restart and nobody asks it; set the time-out "
                 "`decision`, or `recover_undecided: abort` with "
                 "`start_record: free`",
                 "2pc-pra");
  set_timeout(scenario, "decision", Latency::constant(50ms));
  expect_refused(
      "blocked-time", scenario,
      "the coordinator can crash again before it is asked; give the crash a `window` "
      "that ends no later than its first restart, or set `recover_undecided: abort` with "
      "`start_record: free`",
      "2pc-pra");
  scenario.faults[0].when.until = 100ms;
  expect_refused("blocked-time", scenario, "", "2pc-pra");
  expect_refused("doubt-with-crashes", scenario,
                 "the coordinator is silent after its restart, and the formula has it abort and "
                 "tell everybody; set `recover_undecided: abort` with "
                 "`start_record: free`",
                 "2pc-pra");
}

TEST(CaughtByCrash, NeedsOneCrashAtARandomInstant) {
  Scenario scenario = timeline();
  scenario.faults = {random_crash(uniform(0s, 1s))};
  expect_refused("caught-by-crash", scenario, "");
  scenario.faults = {random_crash(uniform(0ms, 20ms))};
  expect_refused("caught-by-crash", scenario,
                 "the crash comes within 20ms, which is shorter than the commit; make `mttf` "
                 "longer");
  scenario.faults = {random_crash(uniform(0s, 1s), Latency::constant(100ms))};
  expect_refused("caught-by-crash", scenario,
                 "the formula has one crash, equally likely at any time of the commit; give the "
                 "crash `restart: never`, or a `window` from the decision to the first restart");
  expect_refused("caught-by-crash", crashing(),
                 "on fresh sites the formula needs a crash that is equally likely at any time; "
                 "give it `mttf: uniform 0s T`, which stands for transactions that begin at random "
                 "within T");
}

TEST(CaughtByCrash, NeedsAStreamOnSharedSites) {
  Scenario scenario = timeline();
  scenario.transactions.sites = Sites::shared;
  scenario.transactions.arrivals = {Arrivals::Kind::poisson, 1e6};
  scenario.faults = {crash_at(1s)};
  expect_refused("caught-by-crash", scenario, "");
  scenario.faults = {crash_at(10s)};
  const std::string why =
      "the crash does not come in the middle of the run; let it come after 30ms and before the "
      "last transactions begin";
  expect_refused("caught-by-crash", scenario, why);
  scenario.faults = {crash_at(20ms)};
  expect_refused("caught-by-crash", scenario, why);
  scenario.transactions.arrivals.kind = Arrivals::Kind::constant;
  expect_refused("caught-by-crash", scenario,
                 "transactions do not arrive at random, as in the formula; give `arrivals: poisson "
                 "RATE`");
  scenario.transactions.arrivals.kind = Arrivals::Kind::poisson;
  scenario.faults = {random_crash(Latency::exponential(1s))};
  expect_refused("caught-by-crash", scenario, "the formula has one crash; give it a `time`");
}

}  // namespace
}  // namespace indoubt
