#include "sim/latency/kinds.h"

namespace indoubt {
namespace {

std::string shown(std::string_view name, const std::string& value) {
  return std::string(name) + " (" + value + ")";
}

}  // namespace

std::optional<std::string> check_time(std::string_view name, double nanoseconds) {
  if (nanoseconds != nanoseconds) return shown(name, "nan") + " is not a time";
  if (nanoseconds < 0) return shown(name, time_text(nanoseconds)) + " is negative";
  if (nanoseconds > static_cast<double>(kLongest.count())) {
    return shown(name, time_text(nanoseconds)) + " is above the longest delay allowed (" +
           duration_text(kLongest) + ")";
  }
  return std::nullopt;
}

std::optional<std::string> check_positive_time(std::string_view name, double nanoseconds) {
  if (nanoseconds == 0) return std::string(name) + " is 0, but must be longer";
  return check_time(name, nanoseconds);
}

std::optional<std::string> check_number(std::string_view name, double x, double least,
                                        double most) {
  if (x >= least && x <= most) return std::nullopt;
  return shown(name, number_text(x)) + " is not between " + number_text(least) + " and " +
         number_text(most);
}

}  // namespace indoubt
