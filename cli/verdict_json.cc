#include <nlohmann/json.hpp>

#include "cli/explore_report.h"
#include "cli/verdict_report.h"
#include "cli/version.h"

namespace indoubt {
namespace {

using Json = nlohmann::ordered_json;

/// JSON has no infinity.
Json number(double x) { return x - x == 0 ? Json(x) : Json(nullptr); }

std::string_view kind_name(Measure::Kind k) {
  switch (k) {
    case Measure::Kind::proportion: return "proportion";
    case Measure::Kind::time: return "nanoseconds";
    case Measure::Kind::count: return "count";
  }
  return "?";
}

Json formulas_json(const VerdictRow& row) {
  Json out = Json::array();
  for (const FormulaAnswer& f : row.formulas) {
    Json one = {{"model", f.model->name}, {"value", number(f.value)}, {"applies", !f.inapplicable}};
    if (f.inapplicable) one["reason"] = *f.inapplicable;
    out.push_back(std::move(one));
  }
  return out;
}

Json exact_json(const VerdictRow& row) {
  if (!row.exact) return {{"value", nullptr}, {"reason", row.no_exact}};
  return {{"value", number(*row.exact)},
          {"infinite", *row.exact - *row.exact != 0},
          {"error", number(row.exact_error)}};
}

Json measured_json(const VerdictRow& row) {
  if (!row.measured) return {{"value", nullptr}, {"reason", row.no_measured}};
  const Estimate& e = *row.measured;
  return {{"value", number(e.value)},
          {"low", number(e.interval.low)},
          {"high", number(e.interval.high)},
          {"level", e.level},
          {"observations", e.observations}};
}

Json reach_json(const VerdictRow& row) {
  if (row.reach == Reach::unknown) return {{"answer", nullptr}, {"reason", row.no_reach}};
  Json out = {{"answer", row.reach == Reach::possible ? "possible" : "impossible"}};
  if (!row.incomparable.empty()) out["not_compared"] = row.incomparable;
  return out;
}

Json pairs_json(const VerdictRow& row) {
  Json out = Json::array();
  for (const PairVerdict& pair : row.pairs) {
    Json one = {{"first", name(pair.first)}, {"second", name(pair.second)}};
    if (pair.formula != nullptr) one["model"] = pair.formula->name;
    one["verdict"] = name(pair.verdict);
    if (!pair.detail.empty()) one["detail"] = pair.detail;
    out.push_back(std::move(one));
  }
  return out;
}

Json row_json(const VerdictRow& row) {
  const std::optional<Verdict> verdict = row.verdict();
  return {{"measure", row.measure->name},
          {"kind", kind_name(row.measure->kind)},
          {"formulas", formulas_json(row)},
          {"exact", exact_json(row)},
          {"simulation", measured_json(row)},
          {"exploration", reach_json(row)},
          {"pairs", pairs_json(row)},
          {"verdict", verdict ? Json(name(*verdict)) : Json(nullptr)}};
}

Json exploration_json(const ProtocolVerdicts& p) {
  Json out = {{"problems", p.explored.problems}};
  if (!p.explored.problems.empty()) return out;
  out["budget"] = budget_text(p.explored.setup);
  out["worlds"] = p.explored.search.states;
  out["incomplete"] = p.explored.incomplete;
  out["misses"] = p.question.misses;
  out["adds"] = p.question.adds;
  return out;
}

Json protocol_json(const ProtocolVerdicts& p) {
  Json rows = Json::array();
  for (const VerdictRow& row : p.rows) rows.push_back(row_json(row));
  Json left_out = Json::array();
  for (const Measure* m : p.left_out) left_out.push_back(m->name);
  return {{"label", p.use->label},
          {"protocol", p.use->protocol},
          {"transactions", p.totals.transactions},
          {"chain",
           {{"solved", p.exact.solved},
            {"mode", p.exact.mode},
            {"states", p.exact.states},
            {"incomplete", p.exact.incomplete},
            {"refusals", p.exact.refusals}}},
          {"exploration", exploration_json(p)},
          {"measures", std::move(rows)},
          {"left_out", std::move(left_out)}};
}

}  // namespace

std::string verdict_report_json(const VerdictTable& table, const ScenarioFile& file) {
  Json protocols = Json::array();
  for (const ProtocolVerdicts& p : table.protocols) protocols.push_back(protocol_json(p));
  const Json document = {{"indoubt", "verdict"},
                         {"version", kVersion},
                         {"scenario", {{"file", file.path}, {"title", file.scenario.title}}},
                         {"seed", file.scenario.transactions.seed},
                         {"transactions", file.scenario.transactions.count},
                         {"family_level", table.family_level},
                         {"row_level", table.row_level},
                         {"protocols", std::move(protocols)},
                         {"partial", table.partial},
                         {"verdict", name(table.verdict())}};
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace indoubt
