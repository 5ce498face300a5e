#pragma once
// What was found among the branches of a scenario, for readers and for machines.
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <variant>

#include "analysis/chain/branches.h"
#include "analysis/explore/explorer.h"

namespace indoubt {

/// The answers as those of an exploration, without traces. `found` holds Branches.
std::vector<Answer> answers_of(const markov::Branches& found);

/// `ways`: with the shortest ones.
std::string branches_text(const std::variant<markov::Branches, markov::Refusals>& found,
                          const Scenario& scenario, const Machine& machine,
                          const std::string& label, bool ways);
nlohmann::ordered_json branches_json(const std::variant<markov::Branches, markov::Refusals>& found,
                                     const Scenario& scenario, const Machine& machine,
                                     const std::string& label, bool ways);

}  // namespace indoubt
