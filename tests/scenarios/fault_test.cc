// Goal: what a scenario says of faults arrives in the value that the engines read.
// Method: one small file for each kind of fault, compared with the value written in C++.
#include <gtest/gtest.h>

#include "scenarios/concat.h"
#include "scenarios/fault_kinds.h"
#include "scenarios/loader.h"

namespace indoubt {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Where = Point::Where;
using What = Point::What;

std::string texts(const std::vector<Diagnostic>& list) {
  std::string out;
  for (const Diagnostic& d : list) out += text(d);
  return out;
}

LoadResult load(const std::string& more) {
  return load_scenario_text(
      concat({"indoubt: 1\nprotocols: [2pc, 3pc]\n"
              "services: {payment: {}, transfer: {}, settlement: {}, shard: {count: 3}}\n"
              "zones: {east: [coordinator, payment], rack: [shard.1, shard.2]}\n",
              more}),
      INDOUBT_SOURCE_DIR "/tests/scenarios/data/s.yaml");
}

Scenario scenario(const std::string& more) {
  LoadResult result = load(more);
  EXPECT_TRUE(result.file) << texts(result.errors);
  return result.file ? std::move(result.file->scenario) : Scenario{};
}

Fault fault(const std::string& item) {
  const auto faults = scenario("faults: [" + item + "]\n").faults;
  EXPECT_EQ(faults.size(), 1u) << item;
  return faults.empty() ? Fault{} : faults.front();
}

Point point(const std::string& at) {
  return fault("{crash: {site: any, probability: 1, at: \"" + at + "\"}}").when.point;
}

Fault expected(Fault::Kind kind, std::string name) {
  Fault f;
  f.kind = kind;
  f.name = std::move(name);
  return f;
}

TEST(Faults, CrashAtAPointHasAllItsConditions) {
  Fault f = expected(Fault::Kind::crash, "first");
  f.sites = {"coordinator"};
  f.when.kind = Trigger::Kind::at_point;
  f.when.point = {Where::before, What::send, "COMMIT", "transfer", 0, ""};
  f.when.occurrence = 2;
  f.when.probability = 0.1;
  f.when.transactions = {1, 17};
  f.when.from = milliseconds(5);
  f.when.until = milliseconds(50);
  f.when.before_first_inquiry = true;
  f.lasts = Latency::constant(milliseconds(500));
  EXPECT_EQ(fault("{crash: {site: coordinator, at: before send COMMIT to transfer, occurrence: 2, "
                  "probability: 10%, transactions: [1, 17], window: {from: 5ms, until: 50ms}, "
                  "before_first_inquiry: yes, restart: 500ms, name: first}}"),
            f);
}

TEST(Faults, CrashAtATimeTakesSeveralSitesForEver) {
  Fault f = expected(Fault::Kind::crash, "crash-1");
  f.sites = {"payment", "shard.2"};
  f.when.kind = Trigger::Kind::at_time;
  f.when.time = milliseconds(28);
  f.each = 0.5;
  f.log_lost = f.messages_held = true;
  EXPECT_EQ(fault("{crash: {site: [payment, shard.2], time: 28ms, restart: never, each: 50%, log: "
                  "lost, messages: held}}"),
            f);
}

TEST(Faults, CrashAtRandomTakesAZone) {
  Fault f = expected(Fault::Kind::crash, "crash-1");
  f.sites = {"east"};
  f.when.kind = Trigger::Kind::random;
  f.when.gap = Latency::exponential(seconds(10));
  f.lasts = Latency::exponential(seconds(1));
  EXPECT_EQ(fault("{crash: {zone: east, mttf: exponential 10s, restart: exponential 1s}}"), f);
}

TEST(Faults, CrashByATraceReadsItBesideTheScenario) {
  Fault f = expected(Fault::Kind::crash, "crash-1");
  f.sites = {"leader"};
  f.when.kind = Trigger::Kind::trace;
  f.when.trace = {{seconds(1), milliseconds(2500)}, {seconds(3), milliseconds(3500)}};
  EXPECT_EQ(fault("{crash: {site: leader, trace: failures.csv}}"), f);
}

TEST(Faults, PartitionHasGroupsAndThePointOfASite) {
  Fault f = expected(Fault::Kind::partition, "partition-1");
  f.groups = {{"east"}, {"settlement", "rack"}};
  f.sites = {"participant"};
  f.when.kind = Trigger::Kind::at_point;
  f.when.point = {Where::after, What::force, "prepared", "", 0, ""};
  f.lasts = Latency::constant(milliseconds(100));
  EXPECT_EQ(fault("{partition: {groups: [[east], [settlement, rack]], at: after force prepared, "
                  "site: participant, heals: 100ms}}"),
            f);
}

TEST(Faults, CutGoesOneWay) {
  Fault f = expected(Fault::Kind::cut, "cut-1");
  f.from = "coordinator";
  f.to = "payment";
  f.sites = {"coordinator"};
  f.when.kind = Trigger::Kind::at_point;
  f.when.point = {Where::after, What::send, "PRE-COMMIT", "transfer", 0, ""};
  EXPECT_EQ(fault("{cut: {from: coordinator, to: payment, at: after send PRE-COMMIT to transfer, "
                  "site: coordinator, heals: never}}"),
            f);
}

TEST(Faults, SlowLinkHasItsFactor) {
  Fault f = expected(Fault::Kind::slow_link, "slow-1");
  f.to = "any";
  f.factor = 2.5;
  f.when.kind = Trigger::Kind::at_time;
  f.when.time = milliseconds(5);
  f.lasts = Latency::constant(seconds(1));
  EXPECT_EQ(fault("{slow: {to: any, factor: 2.5, time: 5ms, lasts: 1s}}"), f);
}

TEST(Faults, StallWithoutATriggerIsThereFromTheBeginning) {
  Fault f = expected(Fault::Kind::stall, "stall-1");
  f.from = "east";
  f.lasts = Latency::constant(milliseconds(300));
  EXPECT_EQ(fault("{stall: {from: east, lasts: 300ms}}"), f);
}

TEST(Faults, MessagesAreLostDuplicatedDelayedAndHeld) {
  Fault f = expected(Fault::Kind::message, "message-1");
  f.type = "PRE-COMMIT";
  f.to = "shard.3";
  f.nth = 1;
  EXPECT_EQ(fault("{message: {lose: PRE-COMMIT, to: shard.3, nth: 1}}"), f);
  f = expected(Fault::Kind::message, "message-1");
  f.action = Fault::Action::duplicate;
  f.from = "payment";
  f.when.probability = 0.25;
  EXPECT_EQ(fault("{message: {duplicate: any, from: payment, probability: 25%}}"), f);
  f = expected(Fault::Kind::message, "message-1");
  f.action = Fault::Action::delay;
  f.type = "COMMIT";
  f.delay = Latency::constant(milliseconds(20));
  EXPECT_EQ(fault("{message: {delay: COMMIT, by: 20ms}}"), f);
  f.action = Fault::Action::hold;
  EXPECT_EQ(fault("{message: {hold: COMMIT, for: 20ms}}"), f);
}

TEST(Faults, ClocksAreOffDriftAndJump) {
  Fault f = expected(Fault::Kind::clock, "clock-1");
  f.sites = {"payment"};
  f.offset = -milliseconds(2);
  f.drift = 1.01;
  f.jump = milliseconds(5);
  f.when.kind = Trigger::Kind::at_time;
  f.when.time = milliseconds(10);
  EXPECT_EQ(fault("{clock: {site: payment, offset: -2ms, drift: 1.01, jump: 5ms, time: 10ms}}"), f);
}

TEST(Faults, SlowSitesComeAtRandom) {
  Fault f = expected(Fault::Kind::slow_site, "slow_site-1");
  f.sites = {"transfer"};
  f.factor = 100;
  f.when.kind = Trigger::Kind::random;
  f.when.gap.emplace();
  f.when.gap->kind = find_latency("weibull");
  f.when.gap->shape = Latency::Shape::other;
  f.when.gap->parameter = {20e9, 1.5};
  f.lasts = Latency::exponential(seconds(1));
  EXPECT_EQ(fault("{slow_site: {site: transfer, factor: 100, mttf: weibull 20s 1.5, lasts: "
                  "exponential 1s}}"),
            f);
}

TEST(Faults, DisksCrashTheirSiteOrLie) {
  Fault f = expected(Fault::Kind::disk, "disk-1");
  f.sites = {"participant"};
  f.when.probability = 0.01;
  f.lies = true;
  EXPECT_EQ(fault("{disk: {site: participant, fails: 1%, then: lie}}"), f);
  f.lies = false;
  f.lasts = Latency::constant(seconds(1));
  f.when.kind = Trigger::Kind::at_point;
  f.when.point = {Where::before, What::force, "prepared", "", 0, ""};
  EXPECT_EQ(fault("{disk: {site: participant, fails: 1%, then: crash, restart: 1s, at: before "
                  "force prepared}}"),
            f);
}

TEST(Faults, ParticipantsDecideAlone) {
  Fault f = expected(Fault::Kind::heuristic, "heuristic-1");
  f.sites = {"payment"};
  f.after = seconds(5);
  f.outcome = Outcome::commit;
  EXPECT_EQ(fault("{heuristic: {site: payment, after: 5s, decide: commit}}"), f);
}

TEST(Faults, OperatorsForceAnOutcome) {
  Fault f = expected(Fault::Kind::outcome, "operator-1");
  f.sites = {"payment"};
  f.when.kind = Trigger::Kind::at_time;
  f.when.time = seconds(10);
  EXPECT_EQ(fault("{operator: {site: payment, time: 10s, decide: abort}}"), f);
}

TEST(Faults, ExamplesOfTheReferenceLoad) {
  for (const FaultKind& kind : fault_kinds())
    EXPECT_EQ(fault(concat({"{", kind.key, ": ", kind.example, "}"})).kind, kind.kind) << kind.key;
}

TEST(Faults, AreNamedByKindAndNumberUnlessTheyHaveNames) {
  const auto faults = scenario(
                          "faults:\n"
                          "  - crash: {site: payment, time: 1ms}\n"
                          "  - cut: {to: payment}\n"
                          "  - crash: {site: payment, time: 1ms, name: crash-2}\n"
                          "  - crash: {site: payment, time: 1ms}\n")
                          .faults;
  std::vector<std::string> names;
  for (const Fault& f : faults) names.push_back(f.name);
  EXPECT_EQ(names, (std::vector<std::string>{"crash-1", "cut-1", "crash-2", "crash-3"}));
}

TEST(Points, AroundAnEffect) {
  EXPECT_EQ(point("before force committed"),
            (Point{Where::before, What::force, "committed", "", 0, ""}));
  EXPECT_EQ(point("before force decision"),
            (Point{Where::before, What::force, "decision", "", 0, ""}));
  EXPECT_EQ(point("after log any"), (Point{Where::after, What::log, "", "", 0, ""}));
  EXPECT_EQ(point("after decide"), (Point{Where::after, What::decide, "", "", 0, ""}));
  EXPECT_EQ(point("before decide commit"),
            (Point{Where::before, What::decide, "commit", "", 0, ""}));
  EXPECT_EQ(point("before vote YES"), (Point{Where::before, What::vote, "YES", "", 0, ""}));
  EXPECT_EQ(point("after prepare"), (Point{Where::after, What::prepare, "", "", 0, ""}));
}

TEST(Points, WithinABroadcast) {
  const Point second{Where::after, What::send, "PRE-COMMIT", "", 2, ""};
  EXPECT_EQ(point("between the 2nd and 3rd send of PRE-COMMIT"), second);
  EXPECT_EQ(point("between the 2nd and the 3rd send of PRE-COMMIT"), second);
  EXPECT_EQ(point("after the 2nd send of PRE-COMMIT"), second);
  EXPECT_EQ(point("before the 3rd send of PRE-COMMIT"), second);
  EXPECT_EQ(point("before the 1st send of PRE-COMMIT"), point("before send PRE-COMMIT"));
  EXPECT_EQ(point("random cut of COMMIT"),
            (Point{Where::random_cut, What::send, "COMMIT", "", 0, ""}));
  EXPECT_EQ(point("before each single send"), (Point{Where::each_send, What::send, "", "", 0, ""}));
  EXPECT_EQ(point("before each single send of PREPARE to payment"),
            (Point{Where::each_send, What::send, "PREPARE", "payment", 0, ""}));
}

TEST(Points, OfDeliveriesAndSteps) {
  EXPECT_EQ(point("on delivery of YES"),
            (Point{Where::instead_of, What::nothing, "YES", "", 0, ""}));
  EXPECT_EQ(point("on delivery of any from shard.2"),
            (Point{Where::instead_of, What::nothing, "", "shard.2", 0, ""}));
  EXPECT_EQ(point("per step"), (Point{Where::per_step, What::nothing, "", "", 0, ""}));
}

TEST(Points, NameTheirHandlerBeforeOrBehind) {
  const Point p{Where::before, What::send, "COMMIT", "payment", 0, "YES"};
  EXPECT_EQ(point("on YES: before send COMMIT to payment"), p);
  EXPECT_EQ(point("on YES : before send COMMIT to payment"), p);
  EXPECT_EQ(point("before send COMMIT to payment on YES"), p);
  EXPECT_EQ(point("at recovery: before send INQUIRY").handler, "recovery");
  EXPECT_EQ(point("before send ABORT at votes").handler, "votes");
  EXPECT_EQ(point("on YES: on delivery of YES").handler, "YES");
}

std::string notes(const std::string& more) { return texts(load(more).notes); }

TEST(Faults, ThatOnlySomeProtocolsHaveAreNoted) {
  const std::string note =
      notes("faults: [{crash: {site: any, at: before send PRE-COMMIT on YES}}]\n");
  EXPECT_NE(note.find("crash-1: nobody ever comes to `before send PRE-COMMIT on YES` under 2pc; "
                      "the fault never strikes there"),
            std::string::npos)
      << note;
  EXPECT_EQ(notes("faults: [{crash: {site: any, at: before send PREPARE at start}}]\n"), "");
}

TEST(Faults, OfATransactionBeyondTheLastAreNoted) {
  const std::string item =
      "faults: [{crash: {site: any, at: per step, probability: 1%, "
      "transactions: 99}}]\n";
  EXPECT_EQ(notes(item), "");
  EXPECT_NE(notes(item + "transactions: {count: 98}\n").find("there is no transaction 99"),
            std::string::npos);
}

TEST(Faults, ThatNeverEndKeepSitesFreshUnlessTheFileSaysOtherwise) {
  const auto sites = [](const std::string& restart, const std::string& more) {
    return scenario("faults: [{crash: {site: payment, time: 1ms, restart: " + restart +
                    "}}]\ntransactions: {arrivals: every 5ms" + more + "}\n")
        .transactions.sites;
  };
  EXPECT_EQ(sites("never", ""), Sites::fresh);
  EXPECT_EQ(sites("1s", ""), Sites::shared);
  EXPECT_EQ(sites("never", ", sites: shared"), Sites::shared);
}

TEST(Faults, OfSharedSitesMayComeAfterTheHorizonOfATransaction) {
  const std::string item = "faults: [{crash: {site: payment, time: 10s, restart: 1s}}]\n";
  EXPECT_FALSE(load(item + "transactions: {horizon: 10s}\n").file);
  EXPECT_TRUE(load(item + "transactions: {horizon: 10s, sites: shared}\n").file);
  EXPECT_TRUE(load(item + "transactions: {horizon: 10001ms}\n").file);
}

TEST(Surroundings, HaveZonesProcessorsDetectionWeightsAndQueues) {
  const Scenario s = scenario(
      "cpu: 10us\ndetection: {delay: exponential 5ms}\ncoordinator: {weight: 3}\n"
      "disk: {force: 1ms, queue: yes, group_commit: yes}\n");
  EXPECT_EQ(s.zones, (std::vector<Zone>{{"east", {"coordinator", "payment"}},
                                        {"rack", {"shard.1", "shard.2"}}}));
  EXPECT_EQ(s.cpu, Latency::constant(Duration{10'000}));
  EXPECT_EQ(s.detection.delay, Latency::exponential(milliseconds(5)));
  EXPECT_EQ(s.coordinator_weight, 3);
  EXPECT_TRUE(s.disk.queue);
  EXPECT_TRUE(s.disk.group_commit);
  EXPECT_EQ(scenario("detection: timeouts\n").detection.delay, std::nullopt);
  EXPECT_NE(notes("detection: {delay: 0s}\n").find("2pc does not listen to a failure detector"),
            std::string::npos);
}

TEST(Surroundings, HaveServicesWithWeights) {
  const LoadResult r = load_scenario_text(
      "indoubt: 1\nprotocols: [2pc]\nservices: {a: {weight: 2, read_only: 0}, b: {weight: 0}}\n",
      "s.yaml");
  ASSERT_TRUE(r.file) << texts(r.errors);
  EXPECT_EQ(r.file->scenario.services[0].weight, 2);
  EXPECT_EQ(r.file->scenario.services[1].weight, 0);
  EXPECT_EQ(r.file->scenario.services[0].read_only, 0);
}

TEST(Faults, AFactorSaysItsRangeWhateverIsWrongWithIt) {
  for (const char* factor : {"-2", "0.5", "1e9"}) {
    const std::string found =
        texts(load(concat({"faults: [{slow: {from: payment, factor: ", factor, "}}]\n"})).errors);
    EXPECT_NE(found.find("is out of range; allowed: 1 to 1000000"), std::string::npos) << found;
  }
}

TEST(Faults, ThatCanNeverStrikeAreNoted) {
  const std::pair<const char*, const char*> kIdle[] = {
      {"{crash: {site: coordinator, at: before the 9th send of COMMIT}}",
       "a broadcast here has at most 6 sends"},
      {"{crash: {site: coordinator, at: before send COMMIT to coordinator}}",
       "the coordinator sends nothing to itself"},
      {"{message: {lose: COMMIT, from: payment}}", "no COMMIT goes from payment to any site"},
      {"{message: {lose: PREPARE, to: coordinator}}", "no PREPARE goes from any site to coordin"},
      {"{heuristic: {site: coordinator, after: 1s, decide: abort}}", "is never in doubt"},
      {"{crash: {site: coordinator, at: before send COMMIT at recovery}}", "there is no recovery"},
      {"{crash: {site: payment, time: 1ms, transactions: [99999999]}}", "transactions: crash-1"}};
  for (const auto& [item, note] : kIdle) {
    const std::string found = notes(std::string("faults: [") + item + "]\n");
    EXPECT_NE(found.find(note), std::string::npos) << item << "\n" << found;
  }
}

TEST(Faults, ThatCanStrikeHaveNoNote) {
  for (const char* item : {"{crash: {site: coordinator, at: before the 6th send of COMMIT}}",
                           "{crash: {site: coordinator, at: after send COMMIT to payment}}",
                           "{message: {lose: COMMIT, from: coordinator, to: payment}}",
                           "{message: {lose: YES, from: payment}}",
                           "{heuristic: {site: payment, after: 1s, decide: abort}}",
                           "{crash: {site: coordinator, time: 1ms, restart: 1ms}}, "
                           "{crash: {site: coordinator, at: before send ABORT at recovery}}"})
    EXPECT_EQ(notes(std::string("faults: [") + item + "]\n"), "") << item;
}

TEST(Faults, OptionsWithoutEffectAreNoted) {
  const auto notes_of = [](const char* use) {
    const LoadResult result = load_scenario_text(
        concat({"indoubt: 1\nprotocols: [", use, "]\nservices: {a: {}, b: {}}\n"}), "s.yaml");
    return texts(result.errors) + texts(result.notes);
  };
  EXPECT_NE(notes_of("{2pc: {as: x, at_least: 2}}").find("at_least has no effect"),
            std::string::npos);
  EXPECT_NE(notes_of("{2pc: {as: x, one_phase: yes}}").find("one_phase has no effect with 2"),
            std::string::npos);
  EXPECT_EQ(notes_of("{2pc: {as: x, decision_rule: at-least, at_least: 2}}"), "");
}

}  // namespace
}  // namespace indoubt
