#pragma once
// Every random number of a run comes from here. A word is a pure function of
// (seed, replication, transaction, purpose, entity, n), so adding a message, a fault, a protocol or
// a thread shifts no other draw, and two protocols on one seed face the same votes, delays and
// losses.
#include <cstdint>

#include "sim/random/philox.h"

namespace indoubt {

/// What a draw is for. The numbers are part of every published result: never renumber, only append.
enum class Purpose : std::uint32_t {
  link = 1,        ///< delay of a message; entity: unordered pair of processes
  local = 2,       ///< vote and local work; entity: a pair of neighbouring participants
  arrival = 3,     ///< gap to the next arrival; transaction 0
  loss = 4,        ///< whether a message is lost; entity as for link
  duplicate = 5,   ///< whether a message is duplicated
  copy = 6,        ///< delay of the duplicate
  force = 7,       ///< time a forced write takes; entity: the process
  timeout = 8,     ///< length of a random time-out; entity: process and timer
  fault = 9,       ///< whether a fault strikes; entity: the fault
  repair = 10,     ///< time to a restart or healing; entity: fault and site
  failure = 11,    ///< time to a random failure; entity: fault and site
  mishap = 12,     ///< whether a fault meets this message; entity: fault, n: its draws so far
  read_only = 13,  ///< whether a participant has changed nothing; entity: the participant
  cpu = 14,        ///< time a message takes at a processor; entity: the process
  work = 17,       ///< delays of the execution phase; entity: the participant; n: request, reply
  reply = 16,      ///< whether the client's reply is lost; n: the attempt
  detection = 15   ///< time until a crash is reported; entity: who crashed and who is told
};

/// Where a draw stands in the space of all draws.
struct DrawPlace {
  std::uint64_t transaction;
  Purpose purpose;
  std::uint32_t entity;
  std::uint64_t n;
};

/// The random numbers of one replication. A value; const functions are safe from any thread.
class Draws {
 public:
  Draws(std::uint64_t seed, std::uint64_t replication) : key_{seed, replication} {}

  /// Words 4 b to 4 b + 3 of a stream at once.
  Philox::Block block(std::uint64_t transaction, Purpose purpose, std::uint32_t entity,
                      std::uint64_t b) const {
    return Philox::block(key_, {transaction, lane(purpose, entity), b, 0});
  }
  std::uint64_t word(const DrawPlace& p) const {
    return block(p.transaction, p.purpose, p.entity, p.n / 4)[p.n % 4];
  }
  /// Further words of one draw, for methods that sometimes need more than one: attempt >= 1.
  Philox::Block more(const DrawPlace& p, std::uint64_t attempt) const {
    return Philox::block(key_, {p.transaction, lane(p.purpose, p.entity), p.n, attempt});
  }

 private:
  static constexpr std::uint64_t lane(Purpose purpose, std::uint32_t entity) {
    return static_cast<std::uint64_t>(purpose) << 32 | entity;
  }
  Philox::Key key_;
};

/// The words of one draw as a generator for Boost.Random: the first may have been drawn ahead, the
/// further ones follow from the draw's place.
class DrawWords {
 public:
  using result_type = std::uint64_t;
  static constexpr bool has_fixed_range = false;
  static constexpr result_type min() { return 0; }
  static constexpr result_type max() { return ~result_type{0}; }

  DrawWords(const Draws& draws, const DrawPlace& place, std::uint64_t first)
      : draws_(&draws), place_(place), first_(first) {}
  DrawWords(const Draws& draws, const DrawPlace& place)
      : DrawWords(draws, place, draws.word(place)) {}

  result_type operator()() {
    if (taken_++ == 0) [[likely]]
      return first_;
    return further(*draws_, place_.transaction, place_.purpose, place_.entity, place_.n,
                   taken_ - 2);
  }

 private:
  // Takes values and not this object, so that the object can stay in registers.
  [[gnu::noinline, gnu::cold]] static result_type further(const Draws& draws,
                                                          std::uint64_t transaction,
                                                          Purpose purpose, std::uint32_t entity,
                                                          std::uint64_t n, std::uint64_t k) {
    return draws.more({transaction, purpose, entity, n}, 1 + k / 4)[k % 4];
  }
  const Draws* draws_;
  DrawPlace place_;
  std::uint64_t first_, taken_ = 0;
};

/// Uniform in [0, 1): the upper 53 bits, exact.
inline double unit_uniform(std::uint64_t word) { return static_cast<double>(word >> 11) * 0x1p-53; }

}  // namespace indoubt
