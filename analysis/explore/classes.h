#pragma once
// Which local situations of a process behave alike.
#include <array>
#include <cstdint>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "analysis/explore/behaviour.h"
#include "analysis/explore/search_clock.h"

namespace indoubt {

/// The coarsest partition of the situations of process p in which situations of one class are
/// judged alike and make the same labelled moves to the same classes (Kanellakis & Smolka 1983).
/// Requires a closed behaviour, which must outlive this. Numbers follow those of the situations.
/// If the clock ends it, the partition is not valid(): too coarse, and good for nothing.
class Classes {
 public:
  Classes(const Behaviour& behaviour, ProcessId p, SearchClock& clock);

  bool valid() const { return valid_; }
  std::uint32_t of(std::uint32_t local) const { return of_[local]; }
  std::uint32_t count() const { return count_; }
  /// Whether a move leaves everything as it is.
  bool inert(std::uint32_t local, const Behaviour::Rule& r) const {
    return !r.crashes && r.sends == 0 && of_[r.next] == of_[local];
  }

 private:
  using Words = std::vector<std::uint64_t>;

  template <class Look>
  void refine(const Look& look, SearchClock& clock);
  Words judged(std::uint32_t local);
  Words moves(std::uint32_t local);
  void add_moves(std::uint32_t local, Behaviour::Range range, std::uint64_t input, Words& all);
  std::uint64_t sends(const Behaviour::Rule& r);

  const Behaviour& b_;
  ProcessId p_;
  std::vector<std::uint32_t> of_;
  std::uint32_t count_ = 1;
  bool valid_ = true;
  std::map<std::string_view, std::uint64_t> state_number_;
  std::map<Words, std::uint64_t> sends_number_;
};

}  // namespace indoubt
