#pragma once
// One catalogue of everything a run reports. The same names stand in text, JSON, CSV and `expect:`.
#include <cstdint>
#include <span>
#include <string_view>

#include "sim/measures/totals.h"

namespace indoubt {

struct Measure {
  enum class Kind : std::uint8_t {
    proportion,  ///< share of transactions, or of payments
    time,        ///< mean of a duration, nanoseconds
    count        ///< mean of a number per transaction
  };
  std::string_view name;
  Kind kind;
  std::string_view doc;  ///< one sentence: exactly what is counted, over what
  std::uint64_t (*hits)(const Totals&) = nullptr;      ///< proportion
  const Moments& (*moments)(const Totals&) = nullptr;  ///< time, count
  std::uint64_t (*trials)(const Totals&) = nullptr;    ///< proportion: of these; null: transactions
  /// time: in so many transactions it had not ended when the transaction did, and is counted until
  /// then: the mean is a lower bound. Null: it always has an end.
  std::uint64_t (*cut_off)(const Totals&) = nullptr;
};

std::span<const Measure> measure_catalogue();
/// Null if there is no such measure.
const Measure* find_measure(std::string_view name);

/// "agreement" ... for messages and `expect:` lines; "AC1" ... as the textbook numbers them.
std::string_view name(Property p);
std::string_view textbook_number(Property p);
std::string_view name(AbortCause c);

}  // namespace indoubt
