#pragma once
#include <string_view>
#include <vector>

#include "sim/predicates/facts.h"

namespace indoubt {

/// A coordinator and participants, all up, none of which has done anything.
struct People {
  explicit People(int participants, int auxiliaries = 0)
      : processes(static_cast<std::size_t>(1 + participants + auxiliaries)), n(participants) {}
  Facts facts() const { return {processes, static_cast<std::uint16_t>(n), record}; }
  ProcessFacts& operator[](std::size_t p) { return processes[p]; }
  /// `who` decides and so has learnt.
  void decide(std::size_t who, Outcome o) { processes[who].decision = processes[who].learnt = o; }
  std::vector<ProcessFacts> processes;
  int n;
  Outcome record = Outcome::none;
};

}  // namespace indoubt
