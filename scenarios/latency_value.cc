// A latency as a scenario's value: a text, or a mapping that holds quantiles.
#include <nlohmann/json.hpp>

#include "scenarios/delay_file.h"
#include "scenarios/latency_text.h"
#include "scenarios/suggestion.h"
#include "scenarios/text_file.h"
#include "scenarios/value_schema.h"
#include "scenarios/values.h"
#include "sim/process/assert.h"

namespace indoubt {
namespace {

constexpr std::string_view kWanted =
    "a latency, like 5ms, exponential 5ms or 1ms + exponential 4ms";

const LatencyKind& quantile_kind() {
  for (const LatencyKind* kind : latency_catalogue())
    if (kind->takes_quantiles) return *kind;
  INDOUBT_ASSERT(false && "no kind of latency takes quantiles");
  return *latency_catalogue().front();
}

void set_quantiles(Latency& latency, Quantiles quantiles) {
  latency.quantiles = std::make_shared<const Quantiles>(std::move(quantiles));
}

// ---- from a file --------------------------------------------------------------------------------

std::optional<Latency> read_measured(Reader& reader, const Node& node, LatencyText text) {
  const auto path = reader.beside(text.file);
  TextFile file = read_text_file(path);
  const auto refuse = [&](const std::string& problem) {
    reader.error(node, TextError{"file " + in_quotes(path.string()) + ": " + problem,
                                 text.file_offset, text.file.size()});
    return std::nullopt;
  };
  if (!file.text) return refuse(file.error);
  const Source source(path.string(), std::move(*file.text));
  auto quantiles = read_delays(source, reader.errors());
  if (!quantiles) return std::nullopt;
  set_quantiles(text.latency, std::move(*quantiles));
  if (auto problem = text.latency.kind->check(text.latency)) return refuse(*problem);
  return std::move(text.latency);
}

std::optional<Latency> read_text_form(Reader& reader, const Node& node) {
  auto parsed = parse_latency(node.text);
  if (!parsed) {
    reader.error(node, parsed.error);
    return std::nullopt;
  }
  if (!parsed.value->file.empty()) return read_measured(reader, node, std::move(*parsed.value));
  return std::move(parsed.value->latency);
}

// ---- from a mapping -----------------------------------------------------------------------------

std::optional<Quantiles> read_table(Reader& reader, const Node& node) {
  if (!reader.is_mapping(node, "quantiles, like {0%: 1ms, 50%: 2ms, 100%: 20ms}"))
    return std::nullopt;
  Quantiles out;
  bool ok = true;
  for (const Entry& e : node.entries) {
    const auto share = parse_probability(e.key);
    if (!share) reader.error(node, e, share.error.message);
    const auto length = kDuration.read(reader, *e.value);
    ok = ok && share && length;
    if (ok) out.emplace_back(*share.value, static_cast<double>(length->count()));
  }
  return ok ? std::optional(std::move(out)) : std::nullopt;
}

std::optional<Latency> read_mapping_form(Reader& reader, const Node& node) {
  const LatencyKind& kind = quantile_kind();
  const std::string_view names[] = {kind.name, "minimum"};
  if (!reader.is_mapping(node, kWanted)) return std::nullopt;
  for (const Entry& e : node.entries)
    if (e.key != names[0] && e.key != names[1])
      reader.error(node, e, "unknown key" + choices(e.key, "keys here", names));
  const Node* table = find(node, kind.name);
  if (table == nullptr) {
    reader.missing(node, kind.name, "is missing; write " + std::string(kWanted));
    return std::nullopt;
  }
  Latency latency;
  latency.kind = &kind;
  latency.shape = kind.shape;
  if (const Node* minimum = find(node, "minimum"))
    if (const auto length = kDuration.read(reader, *minimum)) latency.minimum = *length;
  auto quantiles = read_table(reader, *table);
  if (!quantiles) return std::nullopt;
  set_quantiles(latency, std::move(*quantiles));
  if (auto problem = kind.check(latency)) {
    reader.error(*table, std::move(*problem));
    return std::nullopt;
  }
  return latency;
}

std::optional<Latency> read_as(Reader& reader, const Node& node, std::string_view wanted) {
  if (node.kind == Node::Kind::mapping) return read_mapping_form(reader, node);
  if (reader.scalar(node, wanted) == nullptr) return std::nullopt;
  return read_text_form(reader, node);
}

std::optional<Latency> read_latency(Reader& reader, const Node& node) {
  return read_as(reader, node, kWanted);
}

/// A latency or `never`; `what` it is the length of, for errors.
std::optional<std::optional<Latency>> read_length(Reader& reader, const Node& node,
                                                  std::string_view wanted, std::string_view what) {
  const bool is_text = node.kind == Node::Kind::scalar;
  if (is_text && node.text == "never") return std::make_optional(std::optional<Latency>());
  const bool is_word = is_text && node.text.find_first_of(" .0123456789") == std::string::npos;
  if (is_word && find_latency(node.text) == nullptr) {
    std::vector<std::string_view> lengths{"a duration", "never"};
    for (const std::string_view name : latency_names()) lengths.push_back(name);
    reader.error(node, in_quotes(node.text) + " is no " + std::string(what) +
                           choices(node.text, "allowed", lengths));
    return std::nullopt;
  }
  auto length = read_as(reader, node, wanted);
  if (!length) return std::nullopt;
  return std::make_optional(std::move(length));
}

std::optional<std::optional<Latency>> read_timeout_length(Reader& reader, const Node& node) {
  auto length = read_length(reader, node, kTimeoutLength.wanted, "length of a time-out");
  if (!length || !*length || !(*length)->is_zero()) return length;
  // A timer that is armed again would never let time go on.
  reader.error(node,
               "a time-out of no length fires for ever at one instant; write a length above "
               "0, or never");
  return std::nullopt;
}

std::optional<std::optional<Latency>> read_repair_time(Reader& reader, const Node& node) {
  return read_length(reader, node, kRepairTime.wanted, "time to repair");
}

std::optional<Latency> read_failure_gap(Reader& reader, const Node& node) {
  auto gap = read_as(reader, node, kFailureGap.wanted);
  if (!gap || !gap->is_zero()) return gap;
  reader.error(node,
               "no time between failures strikes for ever at one instant; allowed: more than 0");
  return std::nullopt;
}

// ---- schema -------------------------------------------------------------------------------------

Json quantiles_schema() {
  const std::string name(quantile_kind().name);
  Json table{{"type", "object"},
             {"propertyNames", {{"pattern", "^(" + std::string(kProbabilityPattern) + ")$"}}},
             {"additionalProperties", text_schema(kDurationPattern)},
             {"minProperties", 2}};
  return {{"type", "object"},
          {"properties", {{name, std::move(table)}, {"minimum", text_schema(kDurationPattern)}}},
          {"required", {name}},
          {"additionalProperties", false}};
}

Json latency_schema() { return {{"anyOf", {text_schema(latency_pattern()), quantiles_schema()}}}; }

Json timeout_schema() {
  return {{"anyOf", {text_schema("never|" + latency_pattern()), quantiles_schema()}}};
}

}  // namespace

const Syntax<Latency> kLatency{{"latency", kWanted, &latency_schema}, &read_latency};
const Syntax<std::optional<Latency>> kTimeoutLength{
    {"latency or `never`", "a latency, like 100ms, or never", &timeout_schema},
    &read_timeout_length};
const Syntax<std::optional<Latency>> kRepairTime{
    {"latency or `never`", "a latency, like 500ms or exponential 1s, or never", &timeout_schema},
    &read_repair_time};
const Syntax<Latency> kFailureGap{
    {"latency", "a latency, like exponential 10s or weibull 10s 1.5", &latency_schema},
    &read_failure_gap};

}  // namespace indoubt
