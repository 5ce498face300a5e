#pragma once
// The kinds of faults: a section of keys each, and what their keys need of each other.
#include <string>
#include <string_view>

#include "scenarios/fields.h"
#include "sim/scenario/faults.h"

namespace indoubt {

/// One item of `faults`: {KIND: {KEY: VALUE, ...}}.
struct FaultKind {
  std::string_view key;  ///< as scenarios write it: "crash"
  Fault::Kind kind;
  const Section* section;  ///< named "faults.crash"; its rows expect a Fault
  std::string_view example;
  /// The key that says how long it lasts: "restart"; empty: it has none.
  std::string_view length_key = {};
  bool needs_trigger = false;  ///< one of at, time, mttf and trace must be given
  /// Reports what is wrong with keys of this kind alone; may complete `fault`.
  void (*check)(Reader& reader, const FaultKind& kind, const Node& mapping, Fault& fault) = nullptr;
};

/// In the order of the reference.
std::span<const FaultKind> fault_kinds();
/// Null if there is no such kind.
const FaultKind* find_fault_kind(std::string_view key);

/// The rows that several kinds share, once each, for the reference.
extern const Section kConditionSection;
extern const Section kWindowSection;

/// Whether `field` is one of the shared rows.
bool is_condition(const Field& field);

// FaultKind::check: report keys of one kind of fault that do not go together.
void check_crash(Reader& reader, const FaultKind& kind, const Node& mapping, Fault& fault);
void check_ends(Reader& reader, const FaultKind& kind, const Node& mapping, Fault& fault);
void check_message(Reader& reader, const FaultKind& kind, const Node& mapping, Fault& fault);
void check_clock(Reader& reader, const FaultKind& kind, const Node& mapping, Fault& fault);
void check_disk(Reader& reader, const FaultKind& kind, const Node& mapping, Fault& fault);

/// Reports keys of a fault that do not go together, as far as all kinds share them.
void check_conditions(Reader& reader, const FaultKind& kind, const Node& mapping,
                      const Fault& fault);

/// Reports times of a fault that no transaction reaches. Requires that the file's transactions and
/// all of its faults were read.
void check_fault_times(Reader& reader, const Node& mapping, const Fault& fault);

}  // namespace indoubt
