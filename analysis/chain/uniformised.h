#pragma once
// A continuous chain as seen at the ticks of a Poisson clock.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/chain/transient.h"

namespace indoubt::markov {

/// The part of a chain that can be reached from a distribution, renumbered: first the states that
/// take time, then immediate ones in topological order. Columns list what flows in, so a step only
/// gathers.
class Uniformised {
 public:
  Uniformised(const Chain& chain, const Distribution& from, Marks stop);

  const std::optional<std::string>& refused() const { return refused_; }
  double rate() const { return static_cast<double>(rate_); }
  std::size_t timed() const { return timed_; }  ///< states that take time
  std::size_t size() const { return states_.size(); }
  StateId state(std::size_t i) const { return states_[i]; }
  /// Requires i < timed().
  bool leaves(std::size_t i) const { return outflow_[i] > 0; }
  /// Relative error of one step to first order, every rounding counted.
  double rounding() const;

  /// Mass by the numbering here; what immediate states hold is moved on, and what passes them on
  /// the way is added to `passed`, one entry a state of the numbering, unless it is empty.
  std::vector<long double> gathered(const Distribution& d, std::vector<long double>& passed) const;
  /// One tick. Entries of immediate states in `now` are set to what passes them meanwhile.
  void step(std::vector<long double>& now, std::vector<long double>& next) const;
  /// Mass in states that can still be left.
  long double moving(const std::vector<long double>& now) const;

 private:
  struct Inflow {
    std::uint32_t source;
    std::uint32_t share;  ///< index into shares_
  };
  bool holds(StateId s) const;
  bool is_immediate(StateId s) const;
  void reach(const Distribution& from);
  void order_immediate();
  void find_rate();
  void add_columns();
  long double inflow(std::size_t column, const std::vector<long double>& now) const;

  const Chain& chain_;
  Marks stop_;
  std::optional<std::string> refused_;
  std::vector<StateId> states_;
  std::vector<std::uint32_t> number_;  ///< by state; kNone: not reached
  std::size_t timed_ = 0;
  std::uint32_t depth_ = 0;  ///< most immediate states in a row
  long double rate_ = 0;
  std::vector<long double> outflow_, stay_;  ///< by timed state: total rate; share that stays
  std::vector<std::uint32_t> first_;         ///< by column
  std::vector<Inflow> inflows_;
  std::vector<long double> shares_;  ///< of a weight: as a probability; from size() on: as a rate
};

}  // namespace indoubt::markov
