#pragma once
// The scenario format as tables. A row says how a key is called, how its value is written, what it
// is when absent and what it means; the loader, its errors, the reference and the JSON Schema all
// read the rows. To add a field, add a row.
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "scenarios/reader.h"

namespace indoubt {

using Json = nlohmann::ordered_json;

/// A way of writing values.
struct ValueKind {
  std::string_view written;  ///< for the reference: "`0.99` or `99%`"
  std::string_view wanted;   ///< for errors, after "write": "a probability, like 0.99 or 99%"
  Json (*schema)();
  std::string_view example = {};  ///< for a missing required key: "[2pc, 3pc]"
};

/// A kind of value that gives a V.
template <class V>
struct Syntax : ValueKind {
  std::optional<V> (*read)(Reader&, const Node&);  ///< nothing: an error was reported
};

struct Section;

/// One key of a mapping.
struct Field {
  std::string_view name;
  const ValueKind* kind;      ///< null for a mapping that `section` describes
  std::string_view standard;  ///< the default, as a scenario would write it; empty: none
  std::string_view doc;       ///< sentences
  void (*read)(Reader&, const Node&, void* owner);
  bool required = false;
  const Section* section = nullptr;
  std::string_view standard_doc{};  ///< for the reference, where `standard` does not say all
};

/// What to say of a key that does not exist.
struct KeyHint {
  std::string_view key, hint;
};

/// A mapping with fixed keys.
struct Section {
  std::string_view name;    ///< "network"
  std::string_view wanted;  ///< for errors, after "write": "a mapping, like {latency: 5ms}"
  std::string_view doc;
  std::span<const Field> fields;  ///< in the order in which they are read and documented
  std::span<const KeyHint> hints = {};
};

/// Reads every field of `section` from `mapping` into `owner`, which is what its rows expect;
/// absent keys get their defaults. Nothing written counts as an empty mapping. Reports unknown,
/// repeated and missing keys.
void read_section(Reader& reader, const Node& mapping, const Section& section, void* owner);

/// Whether an unknown key of `mapping` was meant to be `key`, or a hint speaks of it: an error says
/// so already.
bool is_misspelt(const Node& mapping, const Section& section, std::string_view key);

/// The names of a section's keys, in order.
std::vector<std::string_view> names_of(const Section& section);

namespace detail {
template <class>
struct OwnerOf;
template <class Class, class Type>
struct OwnerOf<Type Class::*> {
  using type = Class;
};
template <const auto& kSyntax, auto kMember>
void read_member(Reader& reader, const Node& node, void* owner) {
  using Owner = typename OwnerOf<decltype(kMember)>::type;
  if (auto value = kSyntax.read(reader, node))
    static_cast<Owner*>(owner)->*kMember = std::move(*value);
}
template <const Section& kSection, auto kMember>
void read_mapping(Reader& reader, const Node& node, void* owner) {
  using Owner = typename OwnerOf<decltype(kMember)>::type;
  read_section(reader, node, kSection, &(static_cast<Owner*>(owner)->*kMember));
}
}  // namespace detail

/// A row whose value goes to `kMember`.
template <const auto& kSyntax, auto kMember>
constexpr Field field(std::string_view name, std::string_view standard, std::string_view doc) {
  return {name, &kSyntax, standard, doc, &detail::read_member<kSyntax, kMember>};
}

/// A row whose value is a mapping with rows of its own.
template <const Section& kSection, auto kMember>
constexpr Field mapping(std::string_view name, std::string_view doc) {
  return {name, nullptr, {}, doc, &detail::read_mapping<kSection, kMember>, false, &kSection};
}

// The sections, in the order of the reference.
extern const Section kScenarioSection;
extern const Section kServiceSection;
extern const Section kNetworkSection;
extern const Section kLinkSection;
extern const Section kDiskSection;
extern const Section kCoordinatorSection;
extern const Section kDetectionSection;
extern const Section kClientSection;
extern const Section kTransactionsSection;
extern const Section kExploreSection;
extern const Section kReportSection;
/// Those of faults included.
std::span<const Section* const> all_sections();
/// Whether the section is one of the kinds of faults.
bool is_fault_section(const Section& section);

}  // namespace indoubt
