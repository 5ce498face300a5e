#include "sim/predicates/predicate.h"

#include <algorithm>

#include "sim/process/assert.h"

namespace indoubt {
namespace {

bool compares(int found, Predicate::Compare compare, int number) {
  switch (compare) {
    case Predicate::Compare::equal: return found == number;
    case Predicate::Compare::not_equal: return found != number;
    case Predicate::Compare::less: return found < number;
    case Predicate::Compare::at_most: return found <= number;
    case Predicate::Compare::more: return found > number;
    case Predicate::Compare::at_least: return found >= number;
  }
  return false;
}

}  // namespace

void Predicate::add(const Node& node) {
  INDOUBT_ASSERT(!is_full());
  nodes_.push_back(node);
  ++depth_;
}

void Predicate::add_all(ProcessRange range, Claim claim) {
  add({Kind::all, Compare::equal, range, claim, 0});
}

void Predicate::add_count(ProcessRange range, Claim claim, Compare compare, int number) {
  INDOUBT_ASSERT(number >= 0 && number <= 0xffff);
  add({Kind::count, compare, range, claim, static_cast<std::uint16_t>(number)});
}

void Predicate::add_joint(Kind kind) {
  INDOUBT_ASSERT(depth_ >= 2);
  nodes_.push_back({kind, Compare::equal, {}, {}, 0});
  --depth_;
}

void Predicate::add_negation() {
  INDOUBT_ASSERT(depth_ >= 1);
  nodes_.push_back({Kind::negation, Compare::equal, {}, {}, 0});
}

std::uint16_t Predicate::state(std::string_view name) {
  const auto at = std::find(states_.begin(), states_.end(), name);
  const auto number = static_cast<std::uint16_t>(at - states_.begin());
  if (at == states_.end()) states_.emplace_back(name);
  return number;
}

bool Predicate::meets(const Facts& facts, ProcessId p, const Claim& claim) const {
  const ProcessFacts& process = facts.processes[p];
  switch (claim.what) {
    case Claim::What::decided: return process.decision == claim.outcome;
    case Claim::What::learnt: return process.learnt == claim.outcome;
    case Claim::What::recorded: return facts.record == claim.outcome;
    case Claim::What::voted: return process.voted == claim.voted;
    case Claim::What::in_doubt: return process.in_doubt;
    case Claim::What::blocked: return process.blocked;
    case Claim::What::up: return process.up;
    case Claim::What::down: return !process.up;
    case Claim::What::in_state: return process.state == states_[claim.state];
  }
  return false;
}

bool Predicate::judge(const Facts& facts, const Node& node) const {
  const std::size_t end =
      std::min<std::size_t>(std::size_t{node.range.last} + 1, facts.processes.size());
  int in_range = 0, found = 0;
  for (std::size_t p = node.range.first; p < end; ++p) {
    ++in_range;
    found += meets(facts, static_cast<ProcessId>(p), node.claim);
  }
  if (node.kind == Kind::all) return found == in_range;
  return compares(found, node.compare, node.number);
}

/// Truth values of open formulas are the bits of one word, the latest lowest.
bool Predicate::holds(const Facts& facts) const {
  INDOUBT_ASSERT(depth_ == 1);
  std::uint64_t open = 0;
  for (const Node& node : nodes_) {
    switch (node.kind) {
      case Kind::all:
      case Kind::count: open = open << 1 | std::uint64_t{judge(facts, node)}; break;
      case Kind::both: open = open >> 1 & (open | ~std::uint64_t{1}); break;
      case Kind::either: open = open >> 1 | (open & 1); break;
      case Kind::negation: open ^= 1; break;
    }
  }
  return (open & 1) != 0;
}

bool Predicate::tells_apart(ProcessId a, ProcessId b) const {
  return std::any_of(nodes_.begin(), nodes_.end(), [&](const Node& node) {
    const bool claims = node.kind == Kind::all || node.kind == Kind::count;
    return claims && node.range.contains(a) != node.range.contains(b);
  });
}

bool Predicate::asks_for(Claim::What what) const {
  return std::any_of(nodes_.begin(), nodes_.end(), [&](const Node& node) {
    const bool claims = node.kind == Kind::all || node.kind == Kind::count;
    return claims && node.claim.what == what;
  });
}

}  // namespace indoubt
