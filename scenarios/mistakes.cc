#include "scenarios/mistakes.h"

#include <algorithm>

#include "sim/measures/measure.h"

namespace indoubt {
namespace {

constexpr std::string_view kOption = "mistake", kNone = "none";

const OptionField* field_of(const ProtocolEntry& protocol) {
  for (const OptionField& field : protocol.options)
    if (field.name == kOption) return &field;
  return nullptr;
}

const Mistake* find_mistake(std::string_view protocol, std::string_view name) {
  for (const auto rows : {two_phase_mistakes(), three_phase_mistakes(), other_mistakes()}) {
    for (const Mistake& row : rows) {
      const bool its = std::count(row.protocols.begin(), row.protocols.end(), protocol) != 0;
      if (its && row.name == name) return &row;
    }
  }
  return nullptr;
}

}  // namespace

std::string_view broken_by(const Mistake& mistake) {
  return mistake.breaks ? textbook_number(*mistake.breaks) : "forgetting";
}

std::vector<KnownBad> known_bad_variants() {
  std::vector<KnownBad> all;
  for (const ProtocolEntry& protocol : protocol_catalogue()) {
    const OptionField* field = field_of(protocol);
    if (field == nullptr) continue;
    for (const std::string_view name : field->choices)
      if (name != kNone) all.push_back({&protocol, name, find_mistake(protocol.name, name)});
  }
  return all;
}

std::string_view mistake_of(const ProtocolEntry& protocol, std::span<const int> options) {
  const OptionField* field = field_of(protocol);
  if (field == nullptr) return kNone;
  const auto place = static_cast<std::size_t>(field - protocol.options.data());
  return field->choices[static_cast<std::size_t>(options[place])];
}

}  // namespace indoubt
