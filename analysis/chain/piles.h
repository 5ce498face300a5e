#pragma once
// Why a chain does not close: what is sent again before its last copy has come.
#include <string>

#include "analysis/chain/plan.h"
#include "analysis/chain/world.h"

namespace indoubt::markov {

/// The most equal messages that are under way at once in the worlds that it has seen. Where times
/// are exponential nothing bounds them: a time-out or a restart may come before any of the copies
/// has arrived, and each number of copies is a world of its own.
class Piles {
 public:
  void add(const World& world);
  /// A sentence's part that names the message and what to change; empty if so few copies are
  /// nothing to speak of.
  std::string text(const Plan& plan) const;

 private:
  Item item_;
  std::size_t copies_ = 0;
};

}  // namespace indoubt::markov
