// Goal: a typed message survives the wire, and the wire tells the types apart.
#include "sim/process/message.h"

#include <gtest/gtest.h>

#include "sim/process/machine.h"
#include "sim/process/outcome.h"

namespace indoubt {
namespace {

struct Ping {
  std::string_view name() const { return "PING"; }
  bool operator==(const Ping&) const = default;
};
struct Answer {
  bool yes = false;
  std::string_view name() const { return yes ? "YES" : "NO"; }
  bool operator==(const Answer&) const = default;
};
struct Ballot {
  std::uint32_t number = 0;
  std::uint16_t from = 0;
  std::uint8_t kind = 0, unused = 0;
  std::string_view name() const { return "BALLOT"; }
  bool operator==(const Ballot&) const = default;
};
struct Full {
  std::uint8_t field[7] = {};
  std::string_view name() const { return "FULL"; }
  bool operator==(const Full&) const = default;
};
struct Verdict {
  Outcome outcome = Outcome::none;
  std::string_view name() const { return "VERDICT"; }
  bool operator==(const Verdict&) const = default;
};
using List = Messages<Ping, Answer, Full, Verdict>;

static_assert(MessageType<Ping>);
static_assert(MessageType<Answer>);
static_assert(MessageType<Full>);
static_assert(!MessageType<Ballot>, "eight bytes do not fit beside the tag");

struct Padded {
  std::uint8_t first = 0;
  std::uint16_t second = 0;
  std::string_view name() const { return "PADDED"; }
  bool operator==(const Padded&) const = default;
};
static_assert(!MessageType<Padded>, "equal values could have different bytes");

template <int k>
struct Numbered {
  std::uint8_t value = 0;
  std::string_view name() const { return "NUMBERED"; }
  bool operator==(const Numbered&) const = default;
};

TEST(Message, ComesBackAsItWasSent) {
  const Full full{{1, 2, 3, 4, 5, 6, 255}};
  EXPECT_EQ(decode<Full>(encode<List>(full)), full);
  for (const bool yes : {false, true}) {
    EXPECT_EQ(decode<Answer>(encode<List>(Answer{yes})), Answer{yes});
  }
  for (const Outcome o : {Outcome::none, Outcome::commit, Outcome::abort}) {
    EXPECT_EQ(decode<Verdict>(encode<List>(Verdict{o})), Verdict{o});
  }
}

TEST(Message, CarriesThePlaceOfItsTypeInTheList) {
  EXPECT_EQ(encode<List>(Ping{}).type(), 0);
  EXPECT_EQ(encode<List>(Answer{true}).type(), 1);
  EXPECT_EQ(encode<List>(Full{{255, 255}}).type(), 2);
  EXPECT_EQ(encode<List>(Verdict{}).type(), 3);
}

TEST(Message, DiffersOnTheWireWhenTypeOrFieldsDiffer) {
  EXPECT_NE(encode<List>(Answer{true}), encode<List>(Answer{false}));
  EXPECT_NE(encode<List>(Ping{}), encode<List>(Answer{false}));
  EXPECT_EQ(encode<List>(Answer{true}), encode<List>(Answer{true}));
}

TEST(Message, ADefaultMessageHasNoStrayBits) {
  EXPECT_EQ(encode<List>(Ping{}).word, 0u);
  EXPECT_EQ(encode<List>(Answer{false}).word, 1u);
}

template <int... k>
using NumberedList = Messages<Numbered<k>...>;
using Eighteen = NumberedList<0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17>;

struct TypeNumber {
  template <int k>
  int operator()(const Numbered<k>&) const {
    return k;
  }
};

template <int k>
void expect_visited_as_itself() {
  int visited = -1, value = -1;
  detail::visit_message<Eighteen>(encode<Eighteen>(Numbered<k>{200}), [&](const auto& m) {
    visited = TypeNumber{}(m);
    value = m.value;
  });
  EXPECT_EQ(visited, k);
  EXPECT_EQ(value, 200);
}

template <int... k>
void expect_all_visited(std::integer_sequence<int, k...>) {
  (expect_visited_as_itself<k>(), ...);
}

TEST(Message, IsVisitedAsItsOwnTypeAlsoBeyondEightTypes) {
  expect_all_visited(std::make_integer_sequence<int, 18>{});
}

TEST(Message, OfAnUnknownTypeIsVisitedByNobody) {
  detail::visit_message<Eighteen>(Message{18}, [](const auto&) { FAIL(); });
  detail::visit_message<List>(Message{4}, [](const auto&) { FAIL(); });
}

}  // namespace
}  // namespace indoubt
