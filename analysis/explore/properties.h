#pragma once
// Questions of an exploration as marks of its worlds.
#include <string>
#include <vector>

#include "analysis/explore/explorer.h"
#include "analysis/explore/protocol_model.h"

namespace indoubt {

/// Which marks answer the questions of one exploration.
struct PropertyPlan {
  enum class Kind : std::uint8_t {
    mark,           ///< some world has the mark
    come_to,        ///< from every world with the mark `from` one with the mark can be reached
    nontriviality,  ///< AC4: asked of an exploration without faults and time-outs
    blocked,        ///< asked of one participant after another
  };
  struct Item {
    Kind kind = Kind::mark;
    int mark = 0;
    int from = mark::kWhole;    ///< come_to
    bool until_repair = false;  ///< blocked: restarts and the end of a partition would help
  };
  std::vector<AskedProperty> asked;
  std::vector<Item> items;  ///< one for each question
  std::vector<WorldPredicate> predicates;
  std::vector<std::string> problems;  ///< names that mean nothing here
  /// A predicate that may hold in one world and not in the next ones, though nobody has reversed a
  /// decision and all decisions agree.
  bool asks_beyond_decisions = false;
  bool asks_own = false;  ///< a predicate of the scenario's own, which may tell participants apart

  bool needs_levels() const;
  bool asks_for_blocked() const;
};

/// Requires that `own` outlives the plan.
PropertyPlan plan_of(const std::vector<AskedProperty>& asked, std::span<const NamedPredicate> own);

}  // namespace indoubt
