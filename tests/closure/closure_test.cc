// Goal: the closure of local behaviour holds everything that can happen, and tells what cannot.
#include "sim/closure/closure.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/support/machines.h"

namespace indoubt {
namespace {

constexpr std::uint8_t kNo = 1, kYes = 2;

std::uint32_t timers(const Machine& machine, std::initializer_list<std::string_view> names) {
  std::uint32_t bits = 0;
  for (std::size_t k = 0; k < machine.timers.size(); ++k)
    for (const std::string_view name : names)
      if (machine.timers[k] == name) bits |= std::uint32_t{1} << k;
  return bits;
}

/// All processes of the machine at their beginning; `votes` of every participant.
Closure from_the_start(const Machine& machine, std::uint32_t fire, std::uint8_t votes) {
  Closure closure(machine, fire, std::vector<std::uint8_t>(machine.processes, votes));
  for (ProcessId p = 0; p < machine.processes; ++p) closure.place_fresh(p);
  return closure;
}

TEST(Closure, EverybodyCanDecideWhenNothingFails) {
  for (const auto* protocol : {"2pc", "3pc", "3pc-majority"}) {
    const Machine machine = machine_with(protocol, 2);
    Closure closure = from_the_start(machine, 0, kNo | kYes);
    EXPECT_TRUE(closure.close());
    for (ProcessId p = 0; p < machine.processes; ++p) EXPECT_TRUE(closure.can_decide(p));
  }
}

TEST(Closure, WithoutAnAnswerToTheCoordinatorOnlyATimeoutDecides) {
  const Machine machine = machine_with("2pc", 2);
  for (const bool fires : {false, true}) {
    Closure closure = from_the_start(machine, fires ? timers(machine, {"votes"}) : 0, kYes);
    for (const int p : {1, 2}) closure.cut(static_cast<ProcessId>(p), kCoordinator);
    EXPECT_TRUE(closure.close());
    EXPECT_EQ(closure.can_decide(kCoordinator), fires);
    EXPECT_EQ(closure.can_decide(1), fires);
  }
}

TEST(Closure, ThoseInDoubtCannotDecideWhileTheCoordinatorIsDown) {
  for (const std::string protocol : {"2pc", "3pc"}) {
    const Machine machine = machine_with(protocol, 2);
    Closure closure(machine, ~0u, {0, kYes, kYes});
    for (const ProcessId p : {ProcessId{1}, ProcessId{2}}) {
      std::vector<std::uint64_t> state((machine.state_size + 7u) / 8u);
      Effects effects;
      machine.construct(state.data());
      machine.step(state.data(), Input::start(p), effects);
      effects.clear();
      const Message prepare{0};
      ASSERT_EQ(machine.message_name(prepare), "PREPARE");
      machine.step(state.data(), Input::message(prepare, kCoordinator, p), effects);
      effects.clear();
      machine.step(state.data(), Input::prepared(LocalVote::yes, p), effects);
      closure.place(p, state.data(), timers(machine, {"decision"}), false);
    }
    EXPECT_TRUE(closure.close());
    EXPECT_EQ(closure.can_decide(1), protocol == "3pc") << "3PC terminates without it";
    EXPECT_EQ(closure.can_decide(2), protocol == "3pc");
  }
}

TEST(Closure, AMessageInFlightCounts) {
  const Machine machine = machine_with("2pc", 1);
  Closure closure(machine, 0, {0, kYes});
  std::vector<std::uint64_t> state((machine.state_size + 7u) / 8u);
  machine.construct(state.data());
  closure.place(1, state.data(), 0, false);
  EXPECT_TRUE(closure.close());
  EXPECT_FALSE(closure.can_decide(1));
  Message abort{0};
  for (std::uint64_t word = 0; word < 1 << 16 && machine.message_name(abort) != "ABORT"; ++word)
    abort = Message{word};
  ASSERT_EQ(machine.message_name(abort), "ABORT");
  closure.add_message(kCoordinator, 1, abort);
  EXPECT_TRUE(closure.close());
  EXPECT_TRUE(closure.can_decide(1));
}

TEST(Closure, RunsEachPairOfSituationAndInputOnceAndInAFixedOrder) {
  const Machine machine = machine_with("3pc", 2);
  const auto steps = [&] {
    std::string all;
    Closure closure(machine, ~0u, {0, kNo | kYes, kNo | kYes});
    closure.on_step([&](const Input& in, const Effects& effects) {
      all += std::to_string(in.head()) + ":" + std::to_string(in.word()) + ":" +
             std::to_string(effects.size()) + " ";
    });
    for (ProcessId p = 0; p < 3; ++p) closure.place_fresh(p);
    EXPECT_TRUE(closure.close());
    return all;
  };
  EXPECT_EQ(steps(), steps());
}

TEST(Closure, TooLargeIsSaidAndNotGuessed) {
  const Machine machine = machine_with("2pc", 3, {{"prepare_resends", "9999"}});
  Closure closure = from_the_start(machine, ~0u, kYes);
  EXPECT_FALSE(closure.close({.steps = 500}));
}

}  // namespace
}  // namespace indoubt
