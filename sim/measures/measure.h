#pragma once
// One catalogue of everything a run reports. The same names stand in text, JSON, CSV and `expect:`.
#include <cstdint>
#include <span>
#include <string_view>

#include "sim/measures/totals.h"

namespace indoubt {

/// Reads one counter of a run: a function, and the number of the counter where there are several
/// of a kind.
struct CounterOf {
  std::uint64_t (*read)(const Totals&, std::size_t index) = nullptr;
  std::size_t index = 0;
  std::uint64_t operator()(const Totals& t) const { return read(t, index); }
  explicit operator bool() const { return read != nullptr; }
};

struct Measure {
  enum class Kind : std::uint8_t {
    proportion,  ///< share of transactions, or of payments
    time,        ///< mean of a duration, nanoseconds
    count        ///< mean of a number per transaction
  };
  std::string_view name;
  Kind kind;
  std::string_view doc;  ///< one sentence: exactly what is counted, over what
  CounterOf hits{};      ///< proportion
  const Moments& (*moments)(const Totals&) = nullptr;  ///< time, count
  CounterOf trials{};                                  ///< proportion: of these; none: transactions
  /// time: in so many transactions it had not ended when the transaction did, and is counted until
  /// then: the mean is a lower bound. None: it always has an end.
  CounterOf cut_off{};
  /// Not every protocol has it: reports leave it out where nothing was observed.
  bool if_observed = false;
};

/// Whether a report of these results has a row of this measure.
inline bool is_reported(const Measure& measure, const Totals& totals) {
  return !measure.if_observed || measure.moments(totals).count != 0;
}

/// What every scenario has. Beside it a scenario may have measures of its own: MeasureSet.
std::span<const Measure> measure_catalogue();
/// Null if there is no such measure.
const Measure* find_measure(std::string_view name);

/// "agreement" ... for messages and `expect:` lines; "AC1" ... as the textbook numbers them.
std::string_view name(Property p);
std::string_view textbook_number(Property p);
std::string_view name(AbortCause c);

}  // namespace indoubt
