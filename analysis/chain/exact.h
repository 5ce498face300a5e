#pragma once
// The true value, in rational arithmetic, of what solver.h computes with doubles.
#include <cstdint>
#include <optional>
#include <string>

#include "analysis/chain/chain.h"
#include "analysis/chain/solver.h"

namespace indoubt::markov {

struct Exact {
  /// At the chain's start. Nothing if it is infinite, undefined or refused.
  std::optional<Rational> value;
  bool infinite = false;
  std::optional<std::string> refused;  ///< the limit that was met
};

struct ExactLimits {
  std::size_t states = 100'000;  ///< that can be reached from the start
  std::size_t component = 60;    ///< strongly connected states; elimination is cubic and numbers
                                 ///< grow with each state
  std::size_t bits = 1 << 20;    ///< of one number
};

/// One backward pass in rationals; cyclic components by elimination.
Exact solve_exactly(const Chain& chain, const Question& question, const ExactLimits& limits = {});

/// A double against the truth: "0.883554071530 (14 digits certain)".
std::string certainty_text(double value, const Exact& exact);

}  // namespace indoubt::markov
