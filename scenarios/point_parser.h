#pragma once
// How a place in a protocol's text is written: "before send COMMIT to transfer on YES".
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/quantity.h"
#include "scenarios/site_names.h"
#include "sim/scenario/faults.h"

namespace indoubt {

/// The names that a point may hold. Lists that are empty are not known: every word is allowed.
struct PointNames {
  std::vector<std::string_view> messages, records, handlers;
  const SiteNames* sites = nullptr;  ///< null: not known
};

Parsed<Point> parse_point(std::string_view text, const PointNames& names);

/// Every form, one in a line, for the reference.
extern const std::string_view kPointGrammar;
/// For errors.
extern const std::string_view kPointWanted;
/// A regular expression of what parse_point accepts, not anchored.
std::string point_pattern();

}  // namespace indoubt
