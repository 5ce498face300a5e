#include "sim/closure/points.h"

#include <algorithm>
#include <optional>

#include "sim/closure/closure.h"
#include "sim/scenario/scenario.h"

namespace indoubt {
namespace {

constexpr std::uint8_t kAnyVote = 0b011;
constexpr std::uint8_t kReadOnly = 0b100;

std::string_view role_of(const Machine& machine, ProcessId p) {
  if (p == kCoordinator) return kCoordinatorName;
  if (p <= machine.group.participants) return "participant";
  return machine.auxiliary_name;
}

std::string_view handler_of(const Machine& machine, const Input& in) {
  switch (in.kind()) {
    case Input::Kind::start: return "start";
    case Input::Kind::message: return machine.message_name(in.message());
    case Input::Kind::prepared: return "prepared";
    case Input::Kind::timeout: return machine.timers[in.tag()];
    case Input::Kind::recovery: return "recovery";
    case Input::Kind::failure: return "failure";
  }
  return "";
}

/// What, its name and how many destinations; nothing for effects at which no fault strikes.
std::optional<detail::NamedEffect> effect_of(const Machine& machine, const Effect& e) {
  using What = Point::What;
  switch (e.kind) {
    case Effect::Kind::send: return {{What::send, machine.message_name(Message{e.word}), 1}};
    case Effect::Kind::send_set:
      return {{What::send, machine.message_name(Message{e.word}), e.count}};
    case Effect::Kind::prepare: return {{What::prepare, "", 1}};
    case Effect::Kind::vote: return {{What::vote, name(static_cast<LocalVote>(e.tag)), 1}};
    case Effect::Kind::force: return {{What::force, machine.record_name(e.word), 1}};
    case Effect::Kind::log: return {{What::log, machine.record_name(e.word), 1}};
    case Effect::Kind::decide: return {{What::decide, name(static_cast<Outcome>(e.tag)), 1}};
    case Effect::Kind::set_timer:
    case Effect::Kind::cancel_timer:
    case Effect::Kind::forget: return std::nullopt;
  }
  return std::nullopt;
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

void PointCollector::add(const Input& in, const Effects& effects) {
  const std::string_view role = role_of(machine_, in.self()), handler = handler_of(machine_, in);
  if (in.kind() == Input::Kind::message) add(role, handler, {});
  for (int i = 0; i < effects.size(); ++i)
    if (const auto effect = effect_of(machine_, effects[i])) add(role, handler, *effect);
}

// Nearly every step was seen before. Where names stand in memory tells that at once; equal names
// at two places are found by the comparison below.
void PointCollector::add(std::string_view role, std::string_view handler,
                         const detail::NamedEffect& effect) {
  const Key key{
      role.data(), handler.data(), effect.name.data(),
      static_cast<std::uint32_t>(effect.sends) << 8 | static_cast<std::uint32_t>(effect.what)};
  if (!known_.insert(key).second) return;
  for (ProtocolPoint& p : points_) {
    if (p.role != role || p.handler != handler || p.what != effect.what || p.name != effect.name)
      continue;
    p.sends = std::max(p.sends, effect.sends);
    return;
  }
  points_.push_back({std::string(role), std::string(handler), effect.what, std::string(effect.name),
                     effect.sends});
}

std::vector<ProtocolPoint> PointCollector::take() {
  group(points_);
  return std::move(points_);
}

std::vector<ProtocolPoint> points_of(const Machine& machine, bool& complete,
                                     const PointSearch& search) {
  PointCollector points(machine);
  const std::uint8_t votes = machine.takes_read_only ? kAnyVote | kReadOnly : kAnyVote;
  Closure closure(machine, ~0u, std::vector<std::uint8_t>(machine.processes, votes));
  closure.allow_recovery();
  closure.bound_rounds(search.rounds);
  closure.on_step([&](const Input& in, const Effects& effects) { points.add(in, effects); });
  for (ProcessId p = 0; p < machine.processes; ++p) closure.place_fresh(p);
  complete = closure.close({.steps = search.steps});
  return points.take();
}

std::string_view verb(Point::What what) {
  switch (what) {
    case Point::What::send: return "send";
    case Point::What::force: return "force";
    case Point::What::log: return "log";
    case Point::What::decide: return "decide";
    case Point::What::vote: return "vote";
    case Point::What::prepare: return "prepare";
    case Point::What::nothing: break;
  }
  return "";
}

}  // namespace indoubt
