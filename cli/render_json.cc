#include <nlohmann/json.hpp>

#include "cli/render.h"
#include "cli/replay.h"
#include "cli/version.h"

namespace indoubt {
namespace {

using Json = nlohmann::ordered_json;

std::string hex(std::uint64_t x) {
  char text[24];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(x));
  return text;
}

std::string_view kind_name(Measure::Kind k) {
  switch (k) {
    case Measure::Kind::proportion: return "proportion";
    case Measure::Kind::time: return "nanoseconds";
    case Measure::Kind::count: return "count";
  }
  return "?";
}

/// JSON has no infinity; an interval without a bound has null there.
Json number(double x) { return x - x == 0 ? Json(x) : Json(nullptr); }

Json estimate_json(const Estimate& e) {
  return {{"value", number(e.value)},
          {"low", number(e.interval.low)},
          {"high", number(e.interval.high)},
          {"level", e.level},
          {"observations", e.observations}};
}

Json measures_json(const MeasureSet& measures, const Totals& totals, IntervalKind interval) {
  Json out = Json::object();
  for (const Measure* m : measures.all()) {
    if (!is_reported(*m, totals)) continue;
    Json entry = {{"kind", kind_name(m->kind)}};
    entry.update(estimate_json(estimate(*m, totals, 0.95, interval)));
    if (m->kind == Measure::Kind::proportion) entry["count"] = m->hits(totals);
    if (m->cut_off) entry["cut_off"] = m->cut_off(totals);
    out[std::string(m->name)] = entry;
  }
  return out;
}

Json quantiles_json(const DurationHistogram& h) {
  Json out = Json::object();
  for (const auto& [key, q] : {std::pair("p50", 0.5), std::pair("p90", 0.9), std::pair("p99", 0.99),
                               std::pair("p99.9", 0.999)}) {
    out[key] = h.quantile(q);
  }
  return out;
}

Json sent_json(const Machine& machine, const std::vector<std::uint64_t>& sent) {
  Json out = Json::object();
  for (std::size_t v = 0; v < sent.size(); ++v) {
    if (sent[v] == 0) continue;
    Json& count = out[std::string(machine.message_name(message_of_variant(v)))];
    count = count.is_null() ? sent[v] : count.get<std::uint64_t>() + sent[v];
  }
  return out;
}

Json findings_json(const ProtocolResult& p, const ScenarioFile& file) {
  Json out = Json::array();
  for (const Finding& f : p.totals.findings) {
    out.push_back({{"property", name(f.property)},
                   {"textbook", textbook_number(f.property)},
                   {"transaction", f.transaction},
                   {"at_ns", f.at_ns},
                   {"explanation", f.explanation},
                   {"seed", file.scenario.transactions.seed},
                   {"replay", replay_command(file, p.use->label, f.transaction)}});
  }
  return out;
}

Json comparison_json(const Comparison& c) {
  Json out = {{"model", c.model->name},
              {"formula", c.model->formula},
              {"measure", c.measure->name},
              {"predicted", c.predicted ? number(*c.predicted) : Json(nullptr)},
              {"measured", estimate_json(c.measured)},
              {"margin", c.margin},
              {"applies", !c.inapplicable}};
  if (c.inapplicable) out["reason"] = *c.inapplicable;
  out["verdict"] = c.predicted ? Json(verdict_name(c)) : Json(nullptr);
  if (c.predicted && c.verdict == Verdict::undecided) out["needs"] = c.needs;
  return out;
}

Json options_json(const ProtocolUse& use, const ProtocolEntry& entry) {
  Json out = Json::object();
  for (std::size_t i = 0; i < entry.options.size(); ++i) {
    const OptionField& field = entry.options[i];
    out[std::string(field.name)] =
        field.choices.empty() ? Json(use.options[i])
                              : Json(field.choices[static_cast<std::size_t>(use.options[i])]);
  }
  return out;
}

Json sent_by_role_json(const ProtocolResult& p) {
  Json out = Json::object();
  for (const Role role : kEveryRole) {
    if (has_role(p.machine, role))
      out[std::string(name(role))] = sent_json(p.machine, p.totals.sent[index_of(role)]);
  }
  return out;
}

Json protocol_json(const ProtocolResult& p, const RunResult& result) {
  const ScenarioFile& file = *result.file;
  Json comparisons = Json::array();
  for (const Comparison& c : p.comparisons) comparisons.push_back(comparison_json(c));
  return {{"label", p.use->label},
          {"protocol", p.use->protocol},
          {"options", options_json(*p.use, *p.entry)},
          {"complete", p.complete},
          {"transactions", p.totals.transactions},
          {"events", p.totals.events},
          {"fingerprint", hex(p.totals.fingerprint)},
          {"measures", measures_json(file.measures, p.totals, result.interval)},
          {"quantiles_ns",
           {{"decision_time", quantiles_json(p.totals.decision_times)},
            {"completion_time", quantiles_json(p.totals.completion_times)}}},
          {"messages_sent", sent_by_role_json(p)},
          {"messages_lost", p.totals.lost},
          {"messages_duplicated", p.totals.duplicated},
          {"timeouts_fired", p.totals.timeouts},
          {"findings", findings_json(p, file)},
          {"comparisons", comparisons}};
}

}  // namespace

std::string render_json(const RunResult& result) {
  const Scenario& s = result.file->scenario;
  Json protocols = Json::array();
  for (const ProtocolResult& p : result.protocols) protocols.push_back(protocol_json(p, result));
  Json expectations = Json::array();
  for (const ExpectationResult& e : result.expectations) {
    expectations.push_back({{"label", e.label},
                            {"line", e.line},
                            {"text", e.text},
                            {"status", name(e.status)},
                            {"detail", e.detail}});
  }
  const Json document = {{"indoubt", 1},
                         {"version", kVersion},
                         {"scenario", {{"file", result.file->path}, {"title", s.title}}},
                         {"seed", s.transactions.seed},
                         {"transactions", s.transactions.count},
                         {"first_transaction", result.first},
                         {"interval", name(result.interval)},
                         {"sites", s.transactions.sites == Sites::fresh ? "fresh" : "shared"},
                         {"partial", result.partial},
                         {"family_level", kFamilyLevel},
                         {"row_level", result.row_level},
                         {"protocols", protocols},
                         {"expectations", expectations},
                         {"status", static_cast<int>(result.status)}};
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace indoubt
