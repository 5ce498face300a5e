#pragma once
// The values of a scenario that are lists or mappings with free keys: how they are read, and their
// schema. Every read function expects `owner` to be the Scenario of the reader's file.
#include "scenarios/fields.h"
#include "sim/process/option.h"

namespace indoubt {

extern const ValueKind kServices;     ///< service_fields.cc
extern const ValueKind kLinks;        ///< network_fields.cc
extern const ValueKind kProtocols;    ///< protocol_fields.cc
extern const ValueKind kTimeouts;     ///< timeout_fields.cc
extern const ValueKind kZones;        ///< zone_fields.cc
extern const ValueKind kFaults;       ///< fault_reader.cc
extern const ValueKind kDetection;    ///< scenario_fields.cc
extern const ValueKind kPredicates;   ///< predicate_fields.cc
extern const ValueKind kComparisons;  ///< verdict_fields.cc
extern const ValueKind kExpectations;

void read_services(Reader& reader, const Node& node, void* owner);
void read_protocols(Reader& reader, const Node& node, void* owner);
void read_timeouts(Reader& reader, const Node& node, void* owner);
void read_zones(Reader& reader, const Node& node, void* owner);
void read_faults(Reader& reader, const Node& node, void* owner);
void read_predicates(Reader& reader, const Node& node, void* owner);
void read_comparisons(Reader& reader, const Node& node, void* owner);
void read_expectations(Reader& reader, const Node& node, void* owner);

/// Whether a service or a zone may be written so: a-z, then a-z, 0-9, _ and -.
bool is_site_name(std::string_view name);
/// Names of the protocol catalogue, in its order.
std::vector<std::string_view> protocol_names();
/// Every timer of the protocols, each once, in the catalogue's order.
std::vector<std::string_view> timer_names();
/// An option's choices, or its range, as the reference shows them.
std::string option_values(const OptionField& option);
/// Its default.
std::string option_standard(const OptionField& option);

}  // namespace indoubt
