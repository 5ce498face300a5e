#pragma once
// What holds in a world, as marks of the chain's states.
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "analysis/chain/build.h"
#include "analysis/chain/graph.h"
#include "sim/predicates/built_in.h"

namespace indoubt::markov {

struct Judged {
  Marks marks = 0;
  int in_doubt = 0, blocked = 0, down_in_doubt = 0;  ///< participants
};

/// Adds its marks to a chain, then judges worlds. References are kept.
class Judge {
 public:
  Judge(const Graph& graph, Chain& chain);
  /// `can`: who has decided or still can. `ends`: the transaction ends in this world; `retired`:
  /// although time-outs go on.
  Judged judge(std::uint32_t world, std::uint64_t can, bool ends, bool retired);

 private:
  void fill(const World& w, std::uint64_t can);
  Outcome learnt(const ProcessState& p) const;
  Marks marks_of_facts(const Standing& s) const;
  bool never_decides(const World& w) const;

  const Graph& graph_;
  const Machine& machine_;
  std::vector<std::pair<Marks, const BuiltIn*>> built_in_;
  std::array<Marks, kAbortCauses> cause_{};
  Marks agreement_ = 0, stability_ = 0, validity_ = 0, nontriviality_ = 0, termination_ = 0;
  Marks blocked_ = 0, abandoned_ = 0, crashed_ = 0, decided_ = 0, completed_ = 0;
  std::array<Marks, kMostDoubts + 1> doubts_{};
  Marks doubted_ = 0, doubted_down_ = 0;
  std::vector<std::pair<Marks, const Predicate*>> own_;
  std::vector<ProcessFacts> processes_;
};

}  // namespace indoubt::markov
