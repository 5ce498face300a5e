// Keys of a fault that do not go together, as far as all kinds share them.
#include <algorithm>
#include <array>
#include <cstdio>

#include "scenarios/concat.h"
#include "scenarios/fault_kinds.h"
#include "scenarios/structures.h"
#include "scenarios/suggestion.h"
#include "sim/latency/text.h"

namespace indoubt {
namespace {

/// Of one fault at random within a transaction's horizon.
constexpr double kMostFailures = 1e7;
constexpr std::array<std::string_view, 4> kTriggers = {"at", "time", "mttf", "trace"};

bool has_row(const Section& section, std::string_view key) {
  return std::any_of(section.fields.begin(), section.fields.end(),
                     [&](const Field& f) { return f.name == key; });
}

/// The triggers that this kind of fault has.
std::vector<std::string_view> triggers_of(const Section& section) {
  std::vector<std::string_view> out;
  for (const std::string_view t : kTriggers)
    if (has_row(section, t)) out.push_back(t);
  return out;
}

/// One way to strike, and not two.
void check_triggers(Reader& reader, const FaultKind& kind, const Node& mapping) {
  const auto triggers = triggers_of(*kind.section);
  const Entry* first = nullptr;
  for (const Entry& e : mapping.entries) {
    if (std::find(triggers.begin(), triggers.end(), e.key) == triggers.end()) continue;
    if (first == nullptr)
      first = &e;
    else if (e.key != first->key)
      return reader.error(
          mapping, e,
          concat({"stands beside `", first->key, "`; a fault strikes in one way: give one of ",
                  listed(triggers)}));
  }
  const bool misspelt = std::any_of(triggers.begin(), triggers.end(), [&](std::string_view t) {
    return is_misspelt(mapping, *kind.section, t);
  });
  if (first == nullptr && kind.needs_trigger && !misspelt)
    reader.error(mapping, concat({"says not when; give one of ", listed(triggers),
                                  ", like `at: before force prepared` or `time: 28ms`"}));
}

/// What only a point needs.
void check_point_keys(Reader& reader, const FaultKind& kind, const Node& mapping,
                      const Fault& fault) {
  const Node* at = find(mapping, "at");
  const Node* occurrence = find(mapping, "occurrence");
  if (occurrence != nullptr && at == nullptr && has_row(*kind.section, "occurrence"))
    reader.error(*occurrence, "counts how often a point is met; add `at` and the point");
  if (at == nullptr) return;
  const Point::Where where = fault.when.point.where;
  const bool each = where == Point::Where::each_send || where == Point::Where::per_step;
  if (each && find(mapping, "probability") == nullptr && has_row(*kind.section, "probability"))
    reader.error(*at, concat({in_quotes(at->text),
                              " needs the probability of each time; add it, like `probability: "
                              "1%`"}));
}

/// Kinds that concern links, not sites: whose point it is, must be said.
void check_point_site(Reader& reader, const FaultKind& kind, const Node& mapping) {
  using Kind = Fault::Kind;
  const bool of_links = kind.kind == Kind::partition || kind.kind == Kind::cut ||
                        kind.kind == Kind::slow_link || kind.kind == Kind::stall;
  if (!of_links) return;
  const Node* at = find(mapping, "at");
  const Node* site = find(mapping, "site");
  if (at != nullptr && site == nullptr && !is_misspelt(mapping, *kind.section, "site"))
    reader.missing(mapping, "site",
                   "is missing; `at` needs the site whose point it is, like `site: coordinator`");
  if (at == nullptr && site != nullptr)
    reader.error(*site, "says whose point is meant, but there is no `at`");
}

/// How long it lasts.
void check_length(Reader& reader, const FaultKind& kind, const Node& mapping) {
  const std::string_view key = kind.length_key;
  if (key.empty()) return;
  const Node* length = find(mapping, key);
  if (find(mapping, "trace") != nullptr && length != nullptr)
    reader.error(*length, "the trace says when each failure ends; leave this out");
  const bool again = find(mapping, "mttf") != nullptr && find(mapping, "trace") == nullptr;
  if (again && length == nullptr && !is_misspelt(mapping, *kind.section, key))
    reader.missing(mapping, key,
                   concat({"is missing; mttf counts again after each repair: add it, like `", key,
                           ": exponential 1s`, or `", key, ": never` for a single failure"}));
}

/// A window with a beginning and an end, which holds the fault's time.
void check_window(Reader& reader, const Node& mapping, const Trigger& when) {
  const Node* window = find(mapping, "window");
  if (window == nullptr || window->kind != Node::Kind::mapping) return;
  if (when.until && *when.until <= when.from)
    return reader.error(
        *window, concat({"ends at ", duration_text(*when.until),
                         ", which is not after its beginning at ", duration_text(when.from)}));
  const Node* time = find(mapping, "time");
  const bool inside = when.time >= when.from && (!when.until || when.time < *when.until);
  if (time != nullptr && when.kind == Trigger::Kind::at_time && !inside)
    reader.error(*time, concat({in_quotes(time->text),
                                " lies outside the window, so the fault never strikes"}));
}

/// A time at which every transaction with sites of its own has ended.
void check_before(Reader& reader, const Node* node, Duration time, Duration horizon) {
  if (node == nullptr || time < horizon) return;
  reader.error(*node, concat({duration_text(time),
                              " is not before the horizon, at which every "
                              "transaction ends (transactions.horizon: ",
                              duration_text(horizon), ")"}));
}

/// Failures at random so close to each other that no run gets past them.
void check_frequency(Reader& reader, const Node& mapping, const Fault& fault, Duration horizon) {
  const Trigger& when = fault.when;
  const Node* mttf = find(mapping, "mttf");
  if (mttf == nullptr || !when.gap || when.gap->mean() <= 0 || !fault.lasts) return;
  const Duration until = std::min(horizon, when.until.value_or(horizon));
  const double times =
      static_cast<double>((until - when.from).count()) / (when.gap->mean() + fault.lasts->mean());
  if (times <= kMostFailures) return;
  char text[32];
  std::snprintf(text, sizeof text, "%.2g", times);
  reader.error(*mttf, concat({"lets it fail about ", text, " times within ", duration_text(until),
                              "; allowed: 10,000,000 times; give longer times, or a shorter "
                              "transactions.horizon"}));
}

}  // namespace

void check_conditions(Reader& reader, const FaultKind& kind, const Node& mapping,
                      const Fault& fault) {
  check_triggers(reader, kind, mapping);
  check_point_keys(reader, kind, mapping, fault);
  check_point_site(reader, kind, mapping);
  check_length(reader, kind, mapping);
  check_window(reader, mapping, fault.when);
}

void check_fault_times(Reader& reader, const Node& mapping, const Fault& fault) {
  const Transactions& transactions = reader.file().scenario.transactions;
  const Duration horizon = transactions.horizon;
  // Even on shared sites nobody is in doubt for longer than a transaction lasts.
  check_before(reader, find(mapping, "after"), fault.after, horizon);
  check_frequency(reader, mapping, fault, horizon);
  if (transactions.sites != Sites::fresh) return;
  check_before(reader, find(mapping, "time"), fault.when.time, horizon);
  if (const Node* window = find(mapping, "window"); window != nullptr)
    check_before(reader, find(*window, "from"), fault.when.from, horizon);
  if (!fault.when.trace.empty())
    check_before(reader, find(mapping, "trace"), fault.when.trace.front().first, horizon);
}

}  // namespace indoubt
