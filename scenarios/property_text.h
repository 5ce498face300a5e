#pragma once
// Properties of an exploration as scenarios write them: "never violation.agreement".
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/quantity.h"
#include "sim/scenario/exploration.h"
#include "sim/scenario/scenario.h"

namespace indoubt {

/// The words of the forms, by PropertyForm.
std::span<const std::string_view> property_forms();
/// What a property of an exploration of `scenario` may be about.
std::vector<std::string_view> property_names(const Scenario& scenario);
Parsed<AskedProperty> parse_property(std::string_view text,
                                     std::span<const std::string_view> names);
/// "never violation.agreement".
std::string text_of(const AskedProperty& property);

}  // namespace indoubt
