// What the explorer makes of protocols that do what no protocol of the catalogue does.
#include <gtest/gtest.h>

#include <set>
#include <utility>

#include "analysis/explore/explorer.h"
#include "analysis/explore/protocol_model.h"
#include "tests/support/scripted.h"
#include "tests/support/world.h"

namespace indoubt {
namespace {

const Answer& answer(const ExploreReport& r, std::string_view name) {
  for (const Answer& a : r.answers)
    if (a.name == name) return a;
  ADD_FAILURE() << name;
  return r.answers.front();
}

/// Two messages whose labels are one: both halves of each cancel out.
constexpr int kOne = 0x00010001, kOther = 0x00020002;

struct Alike : Script {
  static void start(auto& env, auto& self) {
    if (env.is_coordinator())
      for (const int number : {kOne, kOther}) self.note(number, 1, env);
  }
  static void receive(int number, ProcessId, auto& env, auto& self) {
    self.decide(number == kOther ? Outcome::commit : Outcome::abort, env);
  }
};

TEST(Trace, NamesTheMessageThatWasTakenOfTwoWithOneLabel) {
  const Machine machine = scripted<Alike>(1);
  for (const bool reduction : {false, true}) {
    Exploration budget{.reduction = reduction};
    budget.properties = {{PropertyForm::report, "some_committed"},
                         {PropertyForm::report, "some_aborted"}};
    const ExploreReport r = explore(world(1, Latency::constant(1ms)), budget, machine, {}, {});
    for (const auto& [name, number, decision] :
         {std::tuple{"some_committed", kOther, Outcome::commit},
          std::tuple{"some_aborted", kOne, Outcome::abort}}) {
      const Answer& a = answer(r, name);
      ASSERT_TRUE(a.trace && a.trace->steps.size() == 3u && a.trace->steps.back().message);
      EXPECT_EQ(a.trace->steps.back().message->message.word >> 8, static_cast<unsigned>(number));
      EXPECT_EQ(a.trace->steps.back().effects[0].tag, static_cast<Tag>(decision));
    }
  }
}

/// Who has heard of the other message only, after a while.
struct AlikeAndOneLost : Alike {
  static void receive(int number, ProcessId, auto& env, auto& self) {
    if (number == kOne) self.seen = 1;
    if (number == kOther) self.arm(0, env);
  }
  static void timeout(int, auto& env, auto& self) {
    if (self.seen == 0) self.decide(Outcome::commit, env);
  }
};

TEST(Trace, NamesTheMessageThatIsLostOfTwoWithOneLabel) {
  Scenario scenario = world(1, Latency::constant(1ms));
  set_timeout(scenario, "first", Latency::constant(5ms));
  Exploration budget{.timing = Timing::timed, .losses = 1};
  budget.properties = {{PropertyForm::report, "some_committed"}};
  const ExploreReport r = explore(scenario, budget, scripted<AlikeAndOneLost>(1), {}, {});
  const Answer& a = answer(r, "some_committed");
  ASSERT_TRUE(a.trace);
  int lost = 0;
  for (const TraceStep& step : a.trace->steps) {
    if (step.move != Move::lose) continue;
    ++lost;
    EXPECT_EQ(step.message->message.word >> 8, static_cast<unsigned>(kOne));
  }
  EXPECT_EQ(lost, 1);
}

/// The coordinator and a participant at its site, each with records that no force makes durable.
struct Logging : Script {
  static void start(auto& env, auto&) {
    const int records = env.is_coordinator() ? 1 : env.self() == 1 ? 2 : 0;
    for (int r = 1; r <= records; ++r) env.log(static_cast<std::uint8_t>(r));
  }
};

/// The last durable records of processes 0 and 1 in the worlds where both are down.
std::set<std::pair<RecordWord, RecordWord>> left_by_a_crash(const Exploration& budget) {
  const Machine machine = scripted<Logging>(2);
  Scenario scenario = world(2, Latency::constant(1ms));
  scenario.services[0].at_coordinator = true;
  std::vector<std::string> problems;
  const ExploreSetup setup = explore_setup(scenario, budget, machine, problems);
  Behaviour b(machine, setup);
  ProtocolWorlds worlds(b, 4);
  ProtocolModel<4> model(worlds);
  ProtocolModel<4>::Scratch scratch;
  std::set<std::pair<RecordWord, RecordWord>> left;
  // Numbers may move when something is learnt: all from the beginning again.
  for (bool known = false; !known;) {
    left.clear();
    std::vector<Packed<4>> open{model.initial()};
    known = true;
    for (std::size_t i = 0; i < open.size(); ++i) {
      const Packed<4> at = open[i];
      const Local &zero = b.local(0, model.local(at, 0)), &one = b.local(1, model.local(at, 1));
      EXPECT_EQ(zero.phase == Local::Phase::down, one.phase == Local::Phase::down);
      if (zero.phase == Local::Phase::down) left.emplace(zero.durable, one.durable);
      known &= model.each_successor(at, scratch, [&](const Packed<4>& next, Label) {
        if (std::find(open.begin(), open.end(), next) == open.end()) open.push_back(next);
      });
    }
    model.learn({&scratch, 1});
  }
  return left;
}

TEST(CrashOfASite, LeavesAnyOfTheUnforcedRecordsOfEachOfItsProcesses) {
  std::set<RecordWord> zero, one;
  const auto left = left_by_a_crash({.crashes = 1, .recoveries = false});
  for (const auto& [a, b] : left) zero.insert(a), one.insert(b);
  EXPECT_EQ(zero.size(), 2u);
  EXPECT_EQ(one.size(), 3u);
  EXPECT_EQ(left.size(), 6u);
}

TEST(CrashOfASite, TakesAllItsProcessesWhicheverOfThemIsNamed) {
  EXPECT_EQ(left_by_a_crash({.crashes = 1, .crashable = {"coordinator"}, .recoveries = false}),
            left_by_a_crash({.crashes = 1, .crashable = {"p1"}, .recoveries = false}));
}

// 3PC with a perfect failure detector: the next back-up must hear that both are down.
TEST(CrashOfASite, IsReportedOfAllItsProcesses) {
  const Machine machine = machine_with("3pc", 3);
  Scenario scenario = world(3, Latency::constant(1ms));
  scenario.services[0].at_coordinator = true;
  scenario.detection.delay = Latency::constant(0ms);
  Exploration budget{.crashes = 1, .crashable = {"coordinator"}, .recoveries = false};
  budget.properties = {{PropertyForm::report, "blocked_at_end"}};
  const ExploreReport r = explore(scenario, budget, machine, {}, {});
  ASSERT_TRUE(r.problems.empty());
  ASSERT_TRUE(machine.detects_failures);
  EXPECT_EQ(r.search.stop, Stop::complete);
  EXPECT_FALSE(answer(r, "blocked_at_end").met);
}

/// Nobody tells anybody anything: who has voted decides when its time is over.
template <Outcome kDecision>
struct ByTime : Script {
  static void start(auto& env, auto& self) {
    self.arm(0, env);
    if (!env.is_coordinator()) env.prepare();
  }
  static void timeout(int, auto& env, auto& self) { self.decide(kDecision, env); }
};

ExploreReport by_time(const Machine& machine, const Latency& delay, const Exploration& budget) {
  Scenario scenario = world(2, delay);
  set_timeout(scenario, "first", Latency::constant(10ms));
  return explore(scenario, budget, machine, {}, {});
}

TEST(Nontriviality, IsAskedAtTheScenariosTimesWhereOnlyTimeOutsDecide) {
  const Machine commits = scripted<ByTime<Outcome::commit>>(2);
  const Latency constant = Latency::constant(1ms);
  const ExploreReport r = by_time(commits, constant, {.crashes = 1});
  EXPECT_EQ(answer(r, "violation.nontriviality").status(), Answer::Status::holds);
  EXPECT_NE(answer(r, "violation.nontriviality").note, "");
  const auto is_void = [](const ExploreReport& report) {
    return answer(report, "violation.nontriviality").status() == Answer::Status::is_void;
  };
  EXPECT_TRUE(is_void(by_time(commits, Latency::exponential(1ms), {})));
  EXPECT_TRUE(is_void(by_time(commits, constant, {.timeouts = 0})));
  EXPECT_TRUE(is_void(by_time(scripted<ByTime<Outcome::abort>>(2), constant, {})));
}

}  // namespace
}  // namespace indoubt
