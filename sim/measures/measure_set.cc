#include "sim/measures/measure_set.h"

#include "sim/process/assert.h"

namespace indoubt {
namespace {

/// A run that has counted nothing yet has no counters.
template <auto kMember>
std::uint64_t counter(const Totals& t, std::size_t index) {
  const std::vector<std::uint64_t>& counters = t.*kMember;
  return index < counters.size() ? counters[index] : 0;
}

}  // namespace

void MeasureSet::add(std::string name, std::string doc, CounterOf hits) {
  INDOUBT_ASSERT(find(name) == nullptr);
  const auto own = std::make_shared<Own>();
  own->name = std::move(name);
  own->doc = std::move(doc);
  own->measure = {own->name, Measure::Kind::proportion, own->doc, hits};
  own_.push_back(own);
}

void MeasureSet::add_instant(std::string_view instant) {
  const std::string at(instant);
  const std::string when = " and was taken at most " + at + " after their start.";
  add("commit_by(" + at + ")", "Transactions whose decision is commit" + when,
      {&counter<&Totals::commits_by>, instants_});
  add("abort_by(" + at + ")", "Transactions whose decision is abort" + when,
      {&counter<&Totals::aborts_by>, instants_});
  ++instants_;
}

void MeasureSet::add_predicate(std::string_view name, std::string_view text) {
  add("predicate." + std::string(name),
      "Transactions at whose end this holds: " + std::string(text) + ".",
      {&counter<&Totals::predicates>, predicates_++});
}

const Measure* MeasureSet::find(std::string_view name) const {
  for (const auto& own : own_)
    if (own->name == name) return &own->measure;
  return find_measure(name);
}

std::vector<const Measure*> MeasureSet::all() const {
  std::vector<const Measure*> measures;
  for (const Measure& m : measure_catalogue()) measures.push_back(&m);
  for (const auto& own : own_) measures.push_back(&own->measure);
  return measures;
}

std::vector<const Measure*> MeasureSet::own() const {
  std::vector<const Measure*> measures;
  for (const auto& own : own_) measures.push_back(&own->measure);
  return measures;
}

std::vector<std::string_view> MeasureSet::names() const {
  std::vector<std::string_view> names;
  for (const Measure* m : all()) names.push_back(m->name);
  return names;
}

}  // namespace indoubt
