#pragma once
// How predicates are written: "payment committed and transfer in doubt and coordinator down".
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/quantity.h"
#include "scenarios/site_names.h"
#include "sim/predicates/predicate.h"

namespace indoubt {

/// The names that a predicate may hold.
struct PredicateNames {
  const Scenario* scenario = nullptr;    ///< its services number the participants
  std::vector<Auxiliaries> auxiliaries;  ///< of the file's protocols
  std::vector<std::string_view> states;  ///< of the file's protocols; empty: not known
};

/// Requires names.scenario, with at least one service.
Parsed<Predicate> parse_predicate(std::string_view text, const PredicateNames& names);

/// The grammar, one form in a line, for the reference.
extern const std::string_view kPredicateGrammar;

}  // namespace indoubt
