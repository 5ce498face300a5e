#include "analysis/explore/properties.h"

#include <algorithm>
#include <array>
#include <optional>

#include "sim/predicates/built_in.h"

namespace indoubt {
namespace {

using Item = PropertyPlan::Item;
using Kind = PropertyPlan::Kind;

constexpr std::string_view kTermination = "violation.termination";
constexpr std::string_view kNontriviality = "violation.nontriviality";
constexpr std::string_view kBlocked = "blocked_at_end", kEverBlocked = "ever_blocked";

/// Those that are not judged world by world.
bool about_ways(const std::string& name) {
  return name == kNontriviality || name == kTermination || name == kBlocked || name == kEverBlocked;
}

std::optional<Item> known_mark(const AskedProperty& asked) {
  if (asked.name == kNontriviality) return Item{Kind::nontriviality};
  if (asked.name == kBlocked || asked.name == kEverBlocked)
    return Item{.kind = Kind::blocked, .until_repair = asked.name == kEverBlocked};
  if (asked.name == kTermination) return Item{Kind::come_to, mark::kAllDecided};
  if (asked.form == PropertyForm::always || asked.form == PropertyForm::eventually)
    return std::nullopt;
  if (asked.name == "violation.agreement") return Item{Kind::mark, mark::kAgreement};
  if (asked.name == "violation.stability") return Item{Kind::mark, mark::kStability};
  if (asked.name == "violation.validity") return Item{Kind::mark, mark::kValidity};
  if (asked.name == "some_committed") return Item{Kind::mark, mark::kCommitted};
  return std::nullopt;
}

bool is_own(const std::string& name, std::span<const NamedPredicate> own) {
  return std::any_of(own.begin(), own.end(),
                     [&](const NamedPredicate& n) { return n.name == name; });
}

WorldPredicate predicate_of(const AskedProperty& asked, std::span<const NamedPredicate> own) {
  for (const NamedPredicate& n : own)
    if (n.name == asked.name)
      return [&n](const Facts& f, const Standing&) { return n.predicate.holds(f); };
  if (const BuiltIn* built_in = find_built_in(asked.name); built_in != nullptr)
    return [built_in](const Facts&, const Standing& s) { return built_in->holds(s); };
  return {};
}

/// Of decisions only, so that it stays as long as these do.
bool lasts(const AskedProperty& asked) {
  constexpr std::array kLasting = {"commit",       "abort",         "some_committed",
                                   "some_aborted", "all_committed", "all_aborted"};
  return asked.form != PropertyForm::always &&
         std::find(kLasting.begin(), kLasting.end(), asked.name) != kLasting.end();
}

}  // namespace

bool PropertyPlan::needs_levels() const {
  return std::any_of(items.begin(), items.end(), [](const Item& i) {
    return i.kind == Kind::come_to || i.kind == Kind::blocked;
  });
}

bool PropertyPlan::asks_for_blocked() const {
  return std::any_of(items.begin(), items.end(),
                     [](const Item& i) { return i.kind == Kind::blocked; });
}

PropertyPlan plan_of(const std::vector<AskedProperty>& asked, std::span<const NamedPredicate> own) {
  PropertyPlan plan;
  plan.asked = asked;
  for (const AskedProperty& a : asked) {
    if (about_ways(a.name) &&
        (a.form == PropertyForm::always || a.form == PropertyForm::eventually)) {
      plan.problems.push_back("'" + a.name +
                              "' is no predicate of single worlds: ask never, sometimes or report");
      continue;
    }
    if (const std::optional<Item> item = known_mark(a)) {
      plan.items.push_back(*item);
      continue;
    }
    WorldPredicate holds = predicate_of(a, own);
    const bool names_own = is_own(a.name, own);
    plan.asks_own = plan.asks_own || names_own;
    plan.asks_beyond_decisions = plan.asks_beyond_decisions || names_own || !lasts(a);
    const bool full = plan.predicates.size() == static_cast<std::size_t>(mark::kMostPredicates);
    if (!holds || full) {
      plan.problems.push_back(full
                                  ? "more than " + std::to_string(mark::kMostPredicates) +
                                        " properties are asked at once"
                                  : "'" + a.name + "' is no predicate that an exploration can ask");
      continue;
    }
    if (a.form == PropertyForm::always)
      holds = [holds](const Facts& f, const Standing& s) { return !holds(f, s); };
    const int number = mark::kFirstPredicate + static_cast<int>(plan.predicates.size());
    plan.items.push_back({a.form == PropertyForm::eventually ? Kind::come_to : Kind::mark, number});
    plan.predicates.push_back(std::move(holds));
  }
  return plan;
}

std::vector<AskedProperty> standard_properties() {
  using Form = PropertyForm;
  return {{Form::never, "violation.agreement"},
          {Form::never, "violation.stability"},
          {Form::never, "violation.validity"},
          {Form::never, "violation.nontriviality"},
          {Form::never, "violation.termination"},
          {Form::report, "ever_blocked"},
          {Form::report, "blocked_at_end"},
          {Form::report, "commit"},
          {Form::report, "abort"}};
}

Answer::Status Answer::status() const {
  if (is_void) return Status::is_void;
  if (form == PropertyForm::report) return met || complete ? Status::reported : Status::incomplete;
  const bool wanted = form == PropertyForm::sometimes;
  if (met) return wanted ? Status::holds : Status::fails;
  if (!complete) return Status::incomplete;
  return wanted ? Status::fails : Status::holds;
}

}  // namespace indoubt
