#pragma once
// Every protocol that indoubt ships: one file and one row each.
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/process/machine.h"
#include "sim/process/option.h"

namespace indoubt {

struct ProtocolEntry {
  std::string_view name;     ///< as scenarios write it
  std::string_view summary;  ///< one sentence
  std::string_view source;   ///< author, year, section
  std::span<const OptionField> options;
  std::span<const std::string_view> timers;      ///< names that a scenario's `timeouts` may give
  std::span<const std::string_view> timer_docs;  ///< one sentence each: who waits for what
  /// The protocol for a group, ready to run. `values` has one entry for each option, within the
  /// field's range. Requires at most `most_participants`.
  Machine (*make)(const Group& group, std::span<const int> values);
  int most_participants = kMostProcesses - 1;
  /// What is wrong with options that do not go together or with the group, and what is allowed;
  /// empty if nothing is. Null: any values will do.
  std::string (*check)(const Group& group, std::span<const int> values) = nullptr;
};

std::span<const ProtocolEntry> protocol_catalogue();
/// Null if there is no such protocol.
const ProtocolEntry* find_protocol(std::string_view name);
/// The default value of each option, in order.
std::vector<int> standard_options(const ProtocolEntry& entry);

/// The options object that `values` describe.
template <class Options>
Options options_from(std::span<const OptionField> fields, std::span<const int> values) {
  Options o;
  for (std::size_t i = 0; i < fields.size(); ++i) fields[i].set(&o, values[i]);
  return o;
}

/// The narrowest instantiation of protocol template P that holds the group.
template <template <int> class P>
Machine machine_for(const Group& group, const typename P<32>::Options& options) {
  if (group.participants < 32) return machine_of<P<32>>(group, options);
  return machine_of<P<kMostProcesses>>(group, options);
}

}  // namespace indoubt
