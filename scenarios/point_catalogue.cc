#include "scenarios/point_catalogue.h"

#include <algorithm>

#include "protocols/known_points.h"
#include "scenarios/concat.h"
#include "scenarios/points.h"
#include "scenarios/suggestion.h"
#include "sim/closure/point_table.h"
#include "sim/faults/fault_plan.h"

namespace indoubt {
namespace {

using Where = Point::Where;
using What = Point::What;

/// What a third participant can do, every further one can: tests/scenarios/point_catalogue_test.cc.
constexpr int kEnoughParticipants = 3;
/// The largest group that is run as it is.
constexpr int kMostRun = 6;
/// PREPARE sent again oftener shows no other step.
constexpr int kEnoughResends = 2;
constexpr std::string_view kResends = "prepare_resends";
constexpr std::size_t kMostSteps = 100'000;

bool has_equal_weights(const Group& group) {
  return std::all_of(group.weights.begin(), group.weights.end(),
                     [&](std::uint16_t w) { return w == group.weights.front() && w > 0; });
}

/// Whether a number among the options may speak of the number of participants.
bool speaks_of_the_group(const ProtocolEntry& protocol, std::span<const int> options) {
  for (std::size_t i = 0; i < options.size(); ++i) {
    const OptionField& field = protocol.options[i];
    if (field.choices.empty() && field.name != kResends && options[i] != field.standard)
      return true;
  }
  return false;
}

std::vector<int> with_few_resends(const ProtocolEntry& protocol, std::span<const int> options) {
  std::vector<int> values(options.begin(), options.end());
  for (std::size_t i = 0; i < values.size(); ++i)
    if (protocol.options[i].name == kResends) values[i] = std::min(values[i], kEnoughResends);
  return values;
}

PointCatalogue from_table(std::string_view table) {
  return {points_from_table(table), true,
          "from a table that the tests hold against searches of two, three and four participants"};
}

PointCatalogue from_a_run(const Machine& machine, bool reduced) {
  PointCatalogue out;
  out.points = points_of(machine, out.complete, {.steps = kMostSteps});
  const std::string n = std::to_string(machine.group.participants);
  if (!out.complete)
    out.argument = "not all: the protocol is too large to be run through with these options";
  else if (reduced)
    out.argument = concat({"every step that ", n, " participants can take; more take no others"});
  else
    out.argument = concat({"every step that ", n, " participants can take"});
  return out;
}

bool names_delivery(const Point& point, const ProtocolPoint& known) {
  Point message;
  message.what = What::send;
  message.name = point.name;
  return known.what == What::nothing && names_effect(message, What::send, known.handler);
}

bool matches(const Point& point, const ProtocolPoint& known) {
  if (!point.handler.empty() && point.handler != known.handler) return false;
  if (point.where == Where::per_step) return true;
  if (point.where == Where::instead_of) return names_delivery(point, known);
  return names_effect(point, point.what, known.name) && point.what == known.what;
}

bool has_role(const ProtocolPoint& known, std::span<const std::string> roles) {
  return roles.empty() || std::find(roles.begin(), roles.end(), known.role) != roles.end();
}

/// What the two have in common; the effect's name weighs most.
int likeness(const Point& point, const ProtocolPoint& known, std::span<const std::string> roles) {
  const bool delivery = point.where == Where::instead_of;
  const bool name = delivery
                        ? names_delivery(point, known)
                        : known.what == point.what && names_effect(point, point.what, known.name);
  const bool what = delivery ? known.what == What::nothing : known.what == point.what;
  const bool handler = !point.handler.empty() && point.handler == known.handler;
  if (!what) return 0;
  const std::string_view names[] = {delivery ? known.handler : known.name};
  const bool misspelt = !name && !nearest(point.name, names).empty();
  if (!name && !misspelt && !handler) return 0;
  return 8 * name + 5 * misspelt + 3 * handler + 2 * has_role(known, roles);
}

std::string text_of(const Point& point, const ProtocolPoint& known) {
  Point like = point;
  like.name = point.where == Where::instead_of ? known.handler : known.name;
  like.handler = point.where == Where::instead_of ? std::string() : known.handler;
  like.to.clear();
  return concat({"`", point_text(like), "` (", known.role, ")"});
}

}  // namespace

PointCatalogue point_catalogue(const ProtocolEntry& protocol, std::span<const int> options,
                               const Group& group) {
  const bool equal = has_equal_weights(group);
  const std::vector<int> standard = standard_options(protocol);
  const std::string_view table = known_points(protocol.name);
  if (equal && !table.empty() && std::equal(options.begin(), options.end(), standard.begin()))
    return from_table(table);
  Group run = group;
  const bool reduced =
      equal && group.participants > kEnoughParticipants && !speaks_of_the_group(protocol, options);
  if (reduced) run = {kEnoughParticipants, {}};
  if (run.participants > kMostRun) return {{}, false, "not looked for in so large a group"};
  return from_a_run(protocol.make(run, with_few_resends(protocol, options)), reduced);
}

bool is_among(const Point& point, const std::vector<ProtocolPoint>& known,
              std::span<const std::string> roles) {
  return std::any_of(known.begin(), known.end(), [&](const ProtocolPoint& p) {
    return has_role(p, roles) && matches(point, p);
  });
}

std::vector<std::string> similar_points(const Point& point, const std::vector<ProtocolPoint>& known,
                                        std::span<const std::string> roles, std::size_t most) {
  std::vector<std::pair<int, const ProtocolPoint*>> like;
  for (const ProtocolPoint& p : known)
    if (const int score = likeness(point, p, roles); score > 0) like.emplace_back(score, &p);
  std::stable_sort(like.begin(), like.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<std::string> out;
  for (const auto& [score, p] : like) {
    const std::string text = text_of(point, *p);
    if (out.size() < most && std::find(out.begin(), out.end(), text) == out.end())
      out.push_back(text);
  }
  return out;
}

}  // namespace indoubt
