// Goal: a Machine runs a typed protocol through plain functions on plain bytes.
#include "sim/process/machine.h"

#include <gtest/gtest.h>

#include "sim/process/effect.h"
#include "tests/process/toy_protocol.h"
#include "tests/support/allocations.h"
#include "tests/support/machines.h"

namespace indoubt {
namespace {

using Toy = ToyProtocol<32>;

struct Toys {
  Machine machine = machine_of<Toy>(4);
  Toy state{};
  Effects step(Input in) {
    Effects asked;
    machine.step(&state, in, asked);
    return asked;
  }
};

Message greeting(std::uint16_t number) { return encode<Toy::Message>(Toy::Greeting{number}); }

TEST(Input, KeepsWhatItWasMadeFrom) {
  const Input message = Input::message(Message{0x1234'5678'9abc'def0u}, 0xfffe, 0x8001);
  EXPECT_EQ(message.kind(), Input::Kind::message);
  EXPECT_EQ(message.message().word, 0x1234'5678'9abc'def0u);
  EXPECT_EQ(message.from(), 0xfffe);
  EXPECT_EQ(message.self(), 0x8001);
  EXPECT_EQ(Input::timeout(255, 7).tag(), 255);
  EXPECT_EQ(Input::timeout(255, 7).self(), 7);
  EXPECT_EQ(Input::timeout(3, 7).kind(), Input::Kind::timeout);
  EXPECT_EQ(Input::prepared(LocalVote::yes, 1).tag(), 1);
  EXPECT_EQ(Input::prepared(LocalVote::no, 1).tag(), 0);
  EXPECT_EQ(Input::prepared(LocalVote::no, 1).kind(), Input::Kind::prepared);
  EXPECT_EQ(Input::recovery(9, 2).record(), 9u);
  EXPECT_EQ(Input::recovery(9, 2).kind(), Input::Kind::recovery);
  EXPECT_EQ(Input::start(5).kind(), Input::Kind::start);
  EXPECT_EQ(Input::start(5).self(), 5);
  EXPECT_EQ(Input::from_words(message.head(), message.word()), message);
  EXPECT_EQ(Input::head_of(Input::Kind::timeout, 255, 0, 7), Input::timeout(255, 7).head());
  EXPECT_EQ(sizeof(Input), 16u);
}

TEST(Machine, RunsTheHandlerOfEachKindOfInput) {
  Toys toys;
  EXPECT_EQ(toys.step(Input::start(0))[0].kind, Effect::Kind::send_set);
  EXPECT_EQ(toys.step(Input::start(1)).size(), 0);
  EXPECT_EQ(toys.step(Input::message(greeting(42), 0, 1))[0].kind, Effect::Kind::prepare);
  const Effects voted = toys.step(Input::prepared(LocalVote::yes, 3));
  EXPECT_EQ(voted[0].kind, Effect::Kind::force);
  EXPECT_EQ(decode_record<Toy::Record>(voted[0].word).by, 3) << "who it is comes with the input";
  EXPECT_EQ(voted[2].word, encode<Toy::Message>(Toy::Answer{true}).word);
  EXPECT_EQ(toys.step(Input::timeout(1, 0))[0].tag, 1);
  const RecordWord one = encode_record(Toy::Record{1, 0});
  EXPECT_EQ(toys.step(Input::recovery(one, 2))[0].kind, Effect::Kind::decide);
}

TEST(Machine, WorksOnTheStateInPlace) {
  Toys toys;
  EXPECT_EQ(toys.machine.state_name(&toys.state), "fresh");
  toys.step(Input::message(greeting(42), 0, 1));
  EXPECT_EQ(toys.machine.state_name(&toys.state), "greeted");
  toys.machine.construct(&toys.state);
  EXPECT_EQ(toys.state, Toy{});
}

TEST(Machine, NamesMessagesRecordsAndTimers) {
  const Machine machine = machine_of<Toy>(4);
  EXPECT_EQ(machine.message_name(greeting(1)), "GREETING");
  EXPECT_EQ(machine.message_name(encode<Toy::Message>(Toy::Answer{true})), "YES");
  EXPECT_EQ(machine.message_name(Message{200}), "?");
  EXPECT_EQ(machine.record_name(encode_record(Toy::Record{1, 0})), "one");
  ASSERT_EQ(machine.timers.size(), 2u);
  EXPECT_EQ(machine.timers[1], "rest");
  EXPECT_EQ(machine.message_types, 2);
  // GREETING holds a number, Answer a truth value: no message of type Answer has a 2 in it.
  std::vector<std::string_view> names;
  for (const Message m : machine.variants) names.push_back(machine.message_name(m));
  EXPECT_EQ(names, (std::vector<std::string_view>{"GREETING", "GREETING", "GREETING", "GREETING",
                                                  "NO", "YES"}));
}

TEST(Machine, CopiesShareTheOptionsAndOutliveTheFirst) {
  Machine copy;
  {
    const Machine first = machine_of<Toy>(4, {.polite = false});
    copy = first;
  }
  Toy state;
  Effects asked;
  copy.step(&state, Input::prepared(LocalVote::yes, 1), asked);
  EXPECT_EQ(asked.size(), 2) << "an impolite process does not answer";
  EXPECT_EQ(copy.traits.rule, DecisionRule::any);
}

TEST(Machine, WithoutExchangeDeclaresNoSymmetry) {
  EXPECT_EQ(machine_of<Toy>(4).exchange, nullptr);
  EXPECT_NE(machine_with("2pc", 3).exchange, nullptr);
  EXPECT_EQ(machine_with("2pc", 3, {{"asking", "one-by-one"}}).exchange, nullptr)
      << "asked in the order of their numbers";
  EXPECT_EQ(machine_with("3pc", 3).exchange, nullptr) << "back-ups are chosen by number";
}

TEST(Machine, NarrowStatesAreSmallAndWideOnesGrowByTheirSets) {
  EXPECT_EQ(machine_with("2pc", 3).state_size, 16);
  EXPECT_EQ(machine_with("2pc", 31).state_size, 16);
  EXPECT_EQ(machine_with("2pc", 32).state_size, 16 + 3 * (40 - 4));
  EXPECT_EQ(machine_with("3pc", 3).state_size, 48) << "eight sets";
  EXPECT_EQ(machine_with("3pc", 256).state_size, 48 + 8 * (40 - 4));
  for (const auto* name : {"2pc", "3pc", "3pc-majority"}) {
    EXPECT_EQ(machine_with(name, 3).state_align, 4) << name;
    EXPECT_EQ(machine_with(name, 256).state_align, 4) << name;
  }
}

TEST(MachineDeathTest, RefusesMoreOrFewerProcessesThanTheProtocolHolds) {
  EXPECT_DEATH(machine_of<Toy>(33), "kLimit");
  EXPECT_DEATH(machine_of<Toy>(1), "participants >= 1");
}

TEST(Machine, AllocatesNothingInAStep) {
  const Machine machine = machine_with("3pc", 256);
  std::vector<std::uint64_t> state(machine.state_size / 8u + 1);
  machine.construct(state.data());
  Effects asked;
  const std::uint64_t before = allocations();
  machine.step(state.data(), Input::start(kCoordinator), asked);
  for (ProcessId p = 1; p <= 256; ++p) {
    asked.clear();
    machine.step(state.data(), Input::message(Message{0x101}, p, kCoordinator), asked);  // YES
  }
  EXPECT_EQ(allocations(), before);
  EXPECT_EQ(machine.state_name(state.data()), "pre-committed") << "the steps did happen";
}

}  // namespace
}  // namespace indoubt
