#include "scenarios/property_text.h"

#include <algorithm>
#include <array>

#include "scenarios/concat.h"
#include "scenarios/diagnostic.h"
#include "scenarios/suggestion.h"
#include "scenarios/words.h"
#include "sim/predicates/built_in.h"

namespace indoubt {
namespace {

constexpr std::array<std::string_view, 5> kForms = {"never", "always", "sometimes", "eventually",
                                                    "report"};

}  // namespace

std::span<const std::string_view> property_forms() { return kForms; }

std::vector<std::string_view> property_names(const Scenario& scenario) {
  std::vector<std::string_view> names;
  for (const BuiltIn& b : built_in_predicates()) names.push_back(b.name);
  for (const NamedPredicate& p : scenario.predicates) names.push_back(p.name);
  // What only many worlds together can tell.
  for (const std::string_view more :
       {"violation.nontriviality", "violation.termination", "ever_blocked", "blocked_at_end"})
    if (std::find(names.begin(), names.end(), more) == names.end()) names.push_back(more);
  return names;
}

Parsed<AskedProperty> parse_property(std::string_view text,
                                     std::span<const std::string_view> names) {
  Words words(text);
  const Word form = words.here();
  const auto at = std::find(kForms.begin(), kForms.end(), form.text);
  if (at == kForms.end())
    return error_at(
        form, concat({in_quotes(form.text), choices(form.text, "a property begins with", kForms)}));
  words.take();
  const Word name = words.here();
  if (std::find(names.begin(), names.end(), name.text) == names.end())
    return error_at(name, concat({in_quotes(name.text), " is no predicate",
                                  choices(name.text, "predicates", names)}));
  words.take();
  if (!words.empty())
    return error_at(words.here(), concat({"found ", in_quotes(words.here().text),
                                          " after the end of the property"}));
  return AskedProperty{static_cast<PropertyForm>(at - kForms.begin()), std::string(name.text)};
}

std::string text_of(const AskedProperty& property) {
  return concat({kForms[static_cast<std::size_t>(property.form)], " ", property.name});
}

}  // namespace indoubt
