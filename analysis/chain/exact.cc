#include "analysis/chain/exact.h"

#include <algorithm>
#include <boost/multiprecision/cpp_bin_float.hpp>
#include <cmath>

#include "analysis/chain/backward_pass.h"
#include "sim/process/assert.h"

namespace indoubt::markov {
namespace {

namespace mp = boost::multiprecision;

/// Fractions, until they have cost too much: a product or a greatest common divisor of numbers of
/// k words takes about k^2 word products.
struct Fractions {
  using Number = Rational;
  double work_left;

  static Number of(const Rational& x) { return x; }
  bool exhausted(const Number& x) {
    const double words =
        1 + static_cast<double>(x == 0 ? 0 : msb(abs(numerator(x))) + msb(denominator(x))) / 64;
    work_left -= words * words;
    return work_left < 0;
  }
  static Rational exactly(const Number& x) { return x; }
  static constexpr double kUnit = 0;
};

/// Binary floating point of 256 bits, rounded to nearest; the exponent never runs out.
struct WideFloats {
  using Number = mp::number<mp::cpp_bin_float<256, mp::digit_base_2>, mp::et_off>;

  static Number of(const Rational& x) { return Number(numerator(x)) / Number(denominator(x)); }
  static bool exhausted(const Number&) { return false; }
  static Rational exactly(const Number& x) {
    if (x == 0) return 0;
    int exponent = 0;
    const Number fraction = frexp(x, &exponent);
    const mp::cpp_int mantissa(ldexp(fraction, 256));
    exponent -= 256;
    if (exponent >= 0) return Rational(mp::cpp_int(mantissa << unsigned(exponent)));
    return Rational(mantissa, mp::cpp_int(1) << unsigned(-exponent));
  }
  static inline const double kUnit = std::ldexp(1.0, -256);
};

/// Nothing if the arithmetic gave up.
template <class Arithmetic>
std::optional<Exact> solve_in(const Chain& chain, const Question& question,
                              const ExactLimits& limits, Arithmetic arithmetic) {
  using Pass = BackwardPass<Arithmetic>;
  const bool conditional = question.kind == Question::Kind::earned_if;
  std::optional<Pass> reach;
  double roundings = 0;
  if (conditional) {
    reach.emplace(chain, Question{Question::Kind::passes, question.marks}, limits, arithmetic);
    reach->run(nullptr);
    if (reach->exhausted()) return std::nullopt;
    if (reach->refused()) return Exact{{}, 0, false, reach->refused()};
    if (reach->values()[chain.start()].finite == 0) return Exact{};
    roundings += 3 * reach->roundings();
  }
  Pass pass(chain, question, limits, arithmetic);
  pass.run(conditional ? &reach->values() : nullptr);
  if (pass.exhausted()) return std::nullopt;
  if (pass.refused()) return Exact{{}, 0, false, pass.refused()};
  const auto& start = pass.values()[chain.start()];
  if (start.infinite) return Exact{{}, 0, true, {}};
  auto value = start.finite;
  if (conditional) value /= reach->values()[chain.start()].finite;
  roundings += pass.roundings();
  return Exact{Arithmetic::exactly(value), roundings * Arithmetic::kUnit, false, {}};
}

}  // namespace

Exact solve_exactly(const Chain& chain, const Question& question, const ExactLimits& limits) {
  if (auto exact = solve_in(chain, question, limits, Fractions{limits.rational_work}))
    return *exact;
  return solve_in(chain, question, limits, WideFloats{}).value();
}

int certain_digits(double x, const Exact& exact) {
  INDOUBT_ASSERT(exact.value.has_value());
  if (exact.relative_error == 0) return certain_digits(x, *exact.value);
  const Rational off = *exact.value * exact_bits(exact.relative_error);
  return std::min(certain_digits(x, Rational(*exact.value - off)),
                  certain_digits(x, Rational(*exact.value + off)));
}

std::string certainty_text(double value, const Exact& exact) {
  if (exact.infinite) return "infinite";
  if (!exact.value) return exact.refused ? "not checked: " + *exact.refused : "undefined";
  const int digits = certain_digits(value, exact);
  return decimal_text(*exact.value, std::clamp(digits, 1, 17)) + " (" + std::to_string(digits) +
         " digits certain)";
}

}  // namespace indoubt::markov
