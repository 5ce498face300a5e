#pragma once
// Predicates that a scenario names itself, as values: what the loader makes of
// "any participant committed and coordinator down". How they are written: scenarios/.
#include <cstdint>
#include <string>
#include <vector>

#include "sim/predicates/facts.h"

namespace indoubt {

/// Processes in a row. `last` may lie beyond a transaction's last process: those do not exist, as
/// with acceptors under a protocol without any.
struct ProcessRange {
  static constexpr ProcessId kEnd = 0xffff;  ///< as `last`: to the last process
  ProcessId first = 0, last = 0;             ///< inclusive
  bool contains(ProcessId p) const { return first <= p && p <= last; }
  bool operator==(const ProcessRange&) const = default;
};

/// What can be said of one process.
struct Claim {
  enum class What : std::uint8_t {
    decided,   ///< `outcome`; none: undecided
    learnt,    ///< `outcome`; none: nothing
    recorded,  ///< the coordinator has forced a record of `outcome`; none: of no decision
    voted,     ///< `voted`
    in_doubt,
    blocked,
    up,
    down,
    in_state,  ///< the state called states[state] of the predicate
  };
  What what = What::decided;
  Outcome outcome = Outcome::none;
  Voted voted = Voted::nothing;
  std::uint16_t state = 0;
  bool operator==(const Claim&) const = default;
};

/// A formula in postfix order over claims about processes. Copied freely; evaluated without heap.
class Predicate {
 public:
  /// How many of a range must meet a claim.
  enum class Compare : std::uint8_t { equal, not_equal, less, at_most, more, at_least };
  enum class Kind : std::uint8_t {
    all,    ///< of a range; true of an empty one
    count,  ///< in a range, compared with a number
    both,   ///< of the two formulas before
    either,
    negation,  ///< of the formula before
  };
  struct Node {
    Kind kind = Kind::all;
    Compare compare = Compare::equal;
    ProcessRange range;
    Claim claim;
    std::uint16_t number = 0;
    bool operator==(const Node&) const = default;
  };
  /// Deepest stack of open formulas.
  static constexpr int kMostDepth = 64;

  // Builders, in postfix order.
  void add_all(ProcessRange range, Claim claim);
  void add_count(ProcessRange range, Claim claim, Compare compare, int number);
  /// At least one; the same as a count of 1 or more.
  void add_any(ProcessRange range, Claim claim) { add_count(range, claim, Compare::at_least, 1); }
  /// Requires that the formulas they join were added before.
  void add_both() { add_joint(Kind::both); }
  void add_either() { add_joint(Kind::either); }
  void add_negation();
  /// A number for a state's name, to be used in claims.
  std::uint16_t state(std::string_view name);
  /// Whether one formula more would exceed kMostDepth.
  bool is_full() const { return depth_ == kMostDepth; }

  /// Requires that it is one whole formula. O(nodes + the processes of their ranges).
  bool holds(const Facts& facts) const;

  /// Whether exchanging processes a and b can change what holds: some range has one of them only.
  /// For symmetry reduction.
  bool tells_apart(ProcessId a, ProcessId b) const;
  /// Whether it looks at what an engine may keep only on request.
  bool asks_for(Claim::What what) const;
  bool operator==(const Predicate&) const = default;

 private:
  void add(const Node& node);
  void add_joint(Kind kind);
  bool meets(const Facts& facts, ProcessId p, const Claim& claim) const;
  bool judge(const Facts& facts, const Node& node) const;
  std::vector<Node> nodes_;
  std::vector<std::string> states_;
  int depth_ = 0;  ///< formulas that are not joined yet
};

/// A predicate under the name that its scenario gives it.
struct NamedPredicate {
  std::string name;
  std::string text;  ///< as the scenario writes it
  Predicate predicate;
  bool operator==(const NamedPredicate&) const = default;
};

}  // namespace indoubt
