#include "tests/support/machines.h"

#include <algorithm>
#include <string>

#include "protocols/catalogue.h"
#include "sim/process/assert.h"

namespace indoubt {
namespace {

int value_of(const OptionField& field, std::string_view text) {
  if (field.choices.empty()) return std::stoi(std::string(text));
  const auto found = std::find(field.choices.begin(), field.choices.end(), text);
  INDOUBT_ASSERT(found != field.choices.end());
  return static_cast<int>(found - field.choices.begin());
}

}  // namespace

Machine machine_with(std::string_view protocol, int participants,
                     const std::vector<NamedOption>& options) {
  return machine_with(protocol, Group{participants, {}}, options);
}

Machine machine_with(std::string_view protocol, const Group& group,
                     const std::vector<NamedOption>& options) {
  const ProtocolEntry* entry = find_protocol(protocol);
  INDOUBT_ASSERT(entry != nullptr);
  std::vector<int> values = standard_options(*entry);
  for (const auto& [name, text] : options) {
    std::size_t i = 0;
    while (i < values.size() && entry->options[i].name != name) ++i;
    INDOUBT_ASSERT(i < values.size());
    values[i] = value_of(entry->options[i], text);
  }
  return entry->make(group, values);
}

bool has_option(std::string_view protocol, std::string_view option) {
  const ProtocolEntry* entry = find_protocol(protocol);
  INDOUBT_ASSERT(entry != nullptr);
  return std::any_of(entry->options.begin(), entry->options.end(),
                     [&](const OptionField& field) { return field.name == option; });
}

std::vector<NamedOption> known_options(std::string_view protocol,
                                       const std::vector<NamedOption>& options) {
  std::vector<NamedOption> known;
  for (const NamedOption& o : options)
    if (has_option(protocol, o.first)) known.push_back(o);
  return known;
}

}  // namespace indoubt
