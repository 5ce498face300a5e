#pragma once
// Systems of difference constraints in whole numbers: x_j - x_i >= c.
#include <cstdint>
#include <optional>
#include <vector>

namespace indoubt {

/// Variables 0 to n - 1, of which number 0 is 0 and no other is less. A value.
class DifferenceBounds {
 public:
  /// Requires variables >= 1.
  explicit DifferenceBounds(int variables);

  /// x_to >= x_from + least.
  void at_least(int to, int from, std::int64_t least) { bounds_.push_back({to, from, least}); }
  void exactly(int to, int from, std::int64_t distance) {
    at_least(to, from, distance);
    at_least(from, to, -distance);
  }
  /// The solution in which every variable is as small as it can be; empty: there is none.
  /// O(variables * bounds) (Bellman 1958, Ford 1956).
  std::optional<std::vector<std::int64_t>> least() const;

 private:
  struct Bound {
    int to, from;
    std::int64_t least;
  };
  int variables_;
  std::vector<Bound> bounds_;
};

}  // namespace indoubt
