#include "sim/closure/points.h"

#include <algorithm>
#include <optional>

#include "sim/closure/closure.h"
#include "sim/scenario/scenario.h"

namespace indoubt {
namespace {

constexpr std::uint8_t kAnyVote = 0b011;
constexpr std::uint8_t kReadOnly = 0b100;
constexpr std::size_t kMostSteps = 2'000'000;

std::string role_of(const Machine& machine, ProcessId p) {
  if (p == kCoordinator) return std::string(kCoordinatorName);
  if (p <= machine.group.participants) return "participant";
  return std::string(machine.auxiliary_name);
}

std::string handler_of(const Machine& machine, const Input& in) {
  switch (in.kind()) {
    case Input::Kind::start: return "start";
    case Input::Kind::message: return std::string(machine.message_name(in.message()));
    case Input::Kind::prepared: return "prepared";
    case Input::Kind::timeout: return std::string(machine.timers[in.tag()]);
    case Input::Kind::recovery: return "recovery";
    case Input::Kind::failure: return "failure";
  }
  return "";
}

/// What and its name; nothing for effects at which no fault strikes.
std::optional<ProtocolPoint> point_of(const Machine& machine, const Effect& e) {
  ProtocolPoint point;
  const auto is = [&](Point::What what, std::string_view name) {
    point.what = what;
    point.name = name;
    return point;
  };
  switch (e.kind) {
    case Effect::Kind::send: return is(Point::What::send, machine.message_name(Message{e.word}));
    case Effect::Kind::send_set:
      point.sends = e.count;
      return is(Point::What::send, machine.message_name(Message{e.word}));
    case Effect::Kind::prepare: return is(Point::What::prepare, "");
    case Effect::Kind::vote: return is(Point::What::vote, name(static_cast<LocalVote>(e.tag)));
    case Effect::Kind::force: return is(Point::What::force, machine.record_name(e.word));
    case Effect::Kind::log: return is(Point::What::log, machine.record_name(e.word));
    case Effect::Kind::decide: return is(Point::What::decide, name(static_cast<Outcome>(e.tag)));
    case Effect::Kind::set_timer:
    case Effect::Kind::cancel_timer:
    case Effect::Kind::forget: return std::nullopt;
  }
  return std::nullopt;
}

void add(std::vector<ProtocolPoint>& points, const ProtocolPoint& point) {
  for (ProtocolPoint& known : points) {
    ProtocolPoint same = point;
    same.sends = known.sends;
    if (!(known == same)) continue;
    known.sends = std::max(known.sends, point.sends);
    return;
  }
  points.push_back(point);
}

/// Role by role, and in a role handler by handler, each where it first stood.
void group(std::vector<ProtocolPoint>& points) {
  std::vector<std::string> handlers;
  for (const ProtocolPoint& p : points)
    if (std::find(handlers.begin(), handlers.end(), p.handler) == handlers.end())
      handlers.push_back(p.handler);
  const auto rank = [&](const ProtocolPoint& p) {
    const int role = p.role == kCoordinatorName ? 0 : p.role == "participant" ? 1 : 2;
    return std::pair(role, std::find(handlers.begin(), handlers.end(), p.handler));
  };
  std::stable_sort(points.begin(), points.end(),
                   [&](const auto& a, const auto& b) { return rank(a) < rank(b); });
}

}  // namespace

std::vector<ProtocolPoint> points_of(const Machine& machine, bool& complete) {
  std::vector<ProtocolPoint> points;
  const std::uint8_t votes = machine.takes_read_only ? kAnyVote | kReadOnly : kAnyVote;
  Closure closure(machine, ~0u, std::vector<std::uint8_t>(machine.processes, votes));
  closure.allow_recovery();
  closure.on_step([&](const Input& in, const Effects& effects) {
    for (int i = 0; i < effects.size(); ++i) {
      std::optional<ProtocolPoint> point = point_of(machine, effects[i]);
      if (!point) continue;
      point->role = role_of(machine, in.self());
      point->handler = handler_of(machine, in);
      add(points, *point);
    }
  });
  for (ProcessId p = 0; p < machine.processes; ++p) closure.place_fresh(p);
  complete = closure.close({.steps = kMostSteps});
  group(points);
  return points;
}

}  // namespace indoubt
