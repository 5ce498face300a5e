// Goal: a model refuses every scenario that its formula does not describe, and says what breaks it
// and what to change. Here: the models of lost decisions, of retries and of who is up.
#include <gtest/gtest.h>

#include "tests/models/make_crash_scenario.h"

namespace indoubt {
namespace {

using namespace std::chrono_literals;

// ---- decisions that are lost --------------------------------------------------------------------

Scenario losing() {
  Scenario scenario = timeline();
  scenario.faults = {lost_commit(0.1), death_after_commits(3)};
  return scenario;
}

TEST(LostDecisions, AppliesWhetherOrNotParticipantsAskEachOther) {
  expect_refused("lost-decisions", losing(), "");
  Scenario scenario = losing();
  scenario.faults[1].when.point.sends = 0;
  scenario.faults[1].when.point.to = "s3";
  set_timeout(scenario, "decision", Latency::constant(1s));
  expect_refused("lost-decisions", scenario, "", "2pc", {{"termination", "cooperative"}});
}

TEST(LostDecisions, RefusesEverythingElse) {
  Scenario scenario = losing();
  const std::string other =
      "the faults are not just a crash of the coordinator after its last COMMIT and lost COMMITs; "
      "leave only those two, without conditions of their own";
  scenario.faults[1].when.point.sends = 2;
  expect_refused("lost-decisions", scenario, other);
  scenario = losing();
  scenario.faults[0].nth = 1;
  expect_refused("lost-decisions", scenario, other);
  scenario = losing();
  scenario.faults.pop_back();
  expect_refused("lost-decisions", scenario,
                 "the coordinator does not die right after its last COMMIT; give `crash: {site: "
                 "coordinator, at: after send COMMIT to s3, restart: never}`");
  scenario.faults = {death_after_commits(3)};
  expect_refused("lost-decisions", scenario,
                 "no COMMIT is lost; give `message: {lose: COMMIT, from: coordinator, "
                 "probability: 5%}`");
  expect_refused("lost-decisions", losing(),
                 "under this protocol or its options participants in doubt do not simply wait for "
                 "their coordinator; use 2pc, and leave `uncertain` and `unasked` as they are",
                 "3pc");
  scenario = losing();
  scenario.services[0].at_coordinator = true;
  expect_refused("lost-decisions", scenario,
                 "s1 crashes with the coordinator; give it a site of its own");
  scenario = losing();
  set_timeout(scenario, "decision", Latency::constant(50ms));
  expect_refused("lost-decisions", scenario,
                 "the time-out `decision` (50ms) can fire, and may then change the decision that "
                 "the votes imply",
                 "2pc", {{"termination", "cooperative"}});
  expect_refused("lost-decisions", scenario, "");
}

// ---- who is up ----------------------------------------------------------------------------------

TEST(Retries, NeedsAClientThatAsksForNewTransactions) {
  Scenario scenario = scenario_of(3, 0.9);
  EXPECT_EQ(refusal("retries", scenario),
            "nobody asks again, and the formula is about the attempts of a client; give `client: "
            "{attempts: 3}`");
  scenario.client = Client{.attempts = 3, .reply_loss = 0.1};
  EXPECT_EQ(refusal("retries", scenario), "");
  scenario.client->repeats_id = true;
  EXPECT_EQ(refusal("retries", scenario),
            "the client repeats the same transaction, which is not run again, and the formula has "
            "new votes each time; set `id: new`");
}

TEST(AllSitesUp, RefusesFaultsThatAreNotOutagesOfSingleSites) {
  Scenario scenario = timeline();
  expect_refused("all-sites-up", scenario,
                 "no site fails, and the formula is about sites that are up or down; give a crash "
                 "under `faults`, like `crash: {site: coordinator, time: 0s, probability: 0.1%}`");
  scenario.faults = {down_from_the_start("coordinator"), down_from_the_start("participant")};
  expect_refused("all-sites-up", scenario, "");
  expect_refused("all-sites-up", scenario, "", "3pc");
  scenario.faults[1].when.time = 1ms;
  const std::string fresh =
      "on fresh sites the formula needs sites that are down from the beginning and stay so; give "
      "each fault as `crash: {site: ..., time: 0s, probability: ...}` alone";
  expect_refused("all-sites-up", scenario, fresh);
  scenario.faults[1].when.time = 0s;
  scenario.faults[1].lasts = Latency::constant(1s);
  expect_refused("all-sites-up", scenario, fresh);
  expect_refused("all-sites-up", crashing(), fresh);
}

TEST(AllSitesUp, NeedsALongRunOnSharedSites) {
  Scenario scenario = timeline();
  scenario.transactions.sites = Sites::shared;
  scenario.transactions.arrivals = {Arrivals::Kind::poisson, 1e9};
  scenario.transactions.count = 10'000'000;
  scenario.faults = {random_crash(Latency::exponential(1h), Latency::constant(60s))};
  expect_refused("all-sites-up", scenario, "");
  scenario.transactions.count = 1'000'000;
  expect_refused("all-sites-up", scenario,
                 "the run is too short to see the share of time that a site is up; let it last "
                 "1000 times as long as one failure and repair");
  scenario.faults = {random_crash(Latency::exponential(100s), Latency::constant(1s))};
  expect_refused("all-sites-up", scenario,
                 "sites fail while a transaction collects its votes, and the formula has them up "
                 "or down throughout; make `mttf` longer");
  scenario.faults[0].sites = {"participant"};
  expect_refused("all-sites-up", scenario,
                 "on shared sites the formula needs sites that fail and are repaired, each by "
                 "itself; give each fault as `crash: {site: ..., mttf: ..., restart: ...}` of one "
                 "site");
}

TEST(AllSitesUp, RefusesProtocolsThatDoWithoutTheCoordinator) {
  const std::string alone =
      "this protocol, or its options, may commit without the coordinator or a participant; use "
      "2pc, one of its presumptions or 3pc";
  Scenario scenario = timeline();
  scenario.faults = {down_from_the_start("coordinator")};
  expect_refused("all-sites-up", scenario, alone, "paxos-commit");
  expect_refused("all-sites-up", scenario, alone, "2pc", {{"uncertain", "commit"}});
  expect_refused("all-sites-up", scenario,
                 "commit needs 2 of 3 YES votes, and the formula's rule needs 3", "2pc",
                 {{"decision_rule", "majority"}});
}

TEST(AcceptorMajority, NeedsAcceptorsThatAreDownAndALeaderThatGoesOn) {
  Scenario scenario = timeline();
  scenario.faults = {down_from_the_start("acceptor")};
  scenario.faults[0].each = 0.1;
  expect_refused("acceptor-majority", scenario,
                 "the time-out `votes` never fires, so nobody turns to the other acceptors; give "
                 "it a length",
                 "paxos-commit");
  set_timeout(scenario, "votes", Latency::constant(2s));
  set_timeout(scenario, "decision", Latency::constant(2s));
  expect_refused("acceptor-majority", scenario, "", "paxos-commit");
  expect_refused("acceptor-majority", scenario, "", "paxos-commit-fast");
  scenario.transactions.horizon = 7s;
  expect_refused("acceptor-majority", scenario,
                 "the horizon (7s) can end a transaction before the other acceptors have answered; "
                 "make it longer",
                 "paxos-commit");
  scenario.transactions.horizon = 8s;
  const std::string none =
      "this protocol, or its options, have no acceptors at sites of their own and a coordinator "
      "that leads; use paxos-commit with `placement: none`";
  expect_refused("acceptor-majority", scenario, none, "2pc");
  expect_refused("acceptor-majority", scenario, none, "paxos-commit",
                 {{"placement", "leader-on-acceptor"}});
  scenario.faults.push_back(down_from_the_start("coordinator"));
  expect_refused("acceptor-majority", scenario,
                 "the formula needs acceptors, and nobody else, that are down from the beginning; "
                 "give `crash: {site: acceptor, time: 0s, each: 1%}` as the only fault",
                 "paxos-commit");
}

}  // namespace
}  // namespace indoubt
