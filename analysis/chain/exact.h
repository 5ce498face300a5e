#pragma once
// The true value of what solver.h computes with doubles: in rational arithmetic where numbers stay
// small enough, else in 256 bits, whose error is proven to be far below a double's.
#include <cstdint>
#include <optional>
#include <string>

#include "analysis/chain/chain.h"
#include "analysis/chain/solver.h"

namespace indoubt::markov {

struct Exact {
  /// At the chain's start. Nothing if it is infinite, undefined or refused.
  std::optional<Rational> value;
  /// 0: the value is exact. Else it was computed in 256 bits, and is off by at most this share.
  double relative_error = 0;
  bool infinite = false;
  std::optional<std::string> refused;  ///< the limit that was met
};

struct ExactLimits {
  std::size_t states = 100'000;  ///< that can be reached from the start
  std::size_t component = 300;   ///< strongly connected states; elimination is cubic
  /// Products of 64-bit words that rational arithmetic may take, roughly; some seconds. Fractions
  /// grow with every state on the way, most of all where many different rates race.
  double rational_work = 3e7;
};

/// One backward pass; cyclic components by elimination without subtraction, so that errors of the
/// 256-bit arithmetic add up and never grow: at most 8 roundings for each transition and m^3 for a
/// component of m states (cf. elimination.h).
Exact solve_exactly(const Chain& chain, const Question& question, const ExactLimits& limits = {});

/// certain_digits of a double, the error of `exact` included. Requires a value.
int certain_digits(double x, const Exact& exact);

/// A double against the truth, with as many digits as are certain: "0.883554071530 (12 digits
/// certain)"; "infinite", "undefined" or "not checked: ..." where there is no value.
std::string certainty_text(double value, const Exact& exact);

}  // namespace indoubt::markov
