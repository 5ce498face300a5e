#include "analysis/explore/local.h"

#include <algorithm>

#include "sim/process/assert.h"

namespace indoubt {
namespace {

template <class T>
void append(std::string& key, const T& value) {
  key.append(reinterpret_cast<const char*>(&value), sizeof value);
}

/// Single visible effects in one effect: each send of a broadcast is one if they are separate.
int visible_in(const Effect& e, bool separate_sends) {
  switch (e.kind) {
    case Effect::Kind::send_set: return separate_sends ? e.count : 1;
    case Effect::Kind::send:
    case Effect::Kind::force:
    case Effect::Kind::decide: return 1;
    case Effect::Kind::prepare:
    case Effect::Kind::vote:
    case Effect::Kind::log:
    case Effect::Kind::set_timer:
    case Effect::Kind::cancel_timer:
    case Effect::Kind::forget: break;
  }
  return 0;
}

void decide(Local& local, Outcome outcome) {
  if (local.voted && local.vote == LocalVote::read_only) return;  // it has left the transaction
  local.reversed = local.reversed || (local.decided != Outcome::none && local.decided != outcome);
  local.decided = outcome;
}

constexpr std::uint8_t bit(LocalVote v) {
  return static_cast<std::uint8_t>(1u << static_cast<unsigned>(v));
}

}  // namespace

std::string Local::key() const {
  std::string key;
  key.append(reinterpret_cast<const char*>(state.data()), state.size() * sizeof state[0]);
  append(key, phase);
  append(key, working);
  append(key, fired);
  key.append(reinterpret_cast<const char*>(timers.data()), timers.size());
  append(key, durable);
  append(key, decided);
  append(key, reversed);
  append(key, asked);
  append(key, voted);
  append(key, vote);
  append(key, writing);
  append(key, unforced.size());
  for (const RecordWord r : unforced) append(key, r);
  if (writing == 0) return key;
  for (int i = rest_from; i < rest->size(); ++i) {
    const Effect& e = (*rest)[i];
    append(key, e.kind);
    append(key, e.tag);
    append(key, e.kind == Effect::Kind::send_set ? ProcessId{0} : e.to);
    append(key, e.word);
    if (e.kind == Effect::Kind::send_set)
      for (const ProcessId to : rest->members(e)) append(key, to);
  }
  return key;
}

Local LocalSteps::fresh() const {
  Local local;
  local.state.resize((machine_.state_size + 7u) / 8u);
  local.timers.resize(machine_.timers.size());
  machine_.construct(local.state.data());
  return local;
}

std::vector<Act> LocalSteps::acts(const Local& from, ProcessId self, std::uint8_t votes) const {
  std::vector<Act> acts;
  if (from.phase == Local::Phase::fresh) return {Act::of(Input::start(self))};
  if (from.phase == Local::Phase::down) return {Act::of(Input::recovery(from.durable, self))};
  if (from.writing != 0) {
    if (from.writing == 1) acts.push_back(Act::written(self));
    return acts;
  }
  for (const LocalVote v : {LocalVote::yes, LocalVote::no, LocalVote::read_only})
    if (from.working == 1 && (votes & bit(v)) != 0)
      acts.push_back(Act::of(Input::prepared(v, self)));
  const bool may_fire = setting_.most_fired == 0 || from.fired < setting_.most_fired;
  for (Tag k = 0; k < from.timers.size(); ++k)
    if (may_fire && from.timers[k] == 1) acts.push_back(Act::of(Input::timeout(k, self)));
  return acts;
}

/// Makes `local` what the handler finds and runs it; what it asks for is not done yet.
Effects LocalSteps::effects_of(Local& local, const Act& act) const {
  if (act.kind == Act::Kind::written) {
    local.durable = (*local.rest)[local.rest_from].word;
    local.unforced.clear();
    Effects rest;
    local.rest->replay(rest, local.rest_from + 1);
    local.rest.reset();
    local.rest_from = local.writing = 0;
    return rest;
  }
  const Input& in = act.input;
  if (in.kind() == Input::Kind::recovery || in.kind() == Input::Kind::start)
    local.phase = Local::Phase::up;
  if (in.kind() == Input::Kind::prepared) local.working = 0;
  if (in.kind() == Input::Kind::timeout) {
    local.timers[in.tag()] = 0;
    if (setting_.most_fired != 0) ++local.fired;
  }
  Effects effects;
  machine_.step(local.state.data(), in, effects);
  return effects;
}

/// Does effect `number`, sends apart; false if the rest waits for a write.
bool LocalSteps::take(Local& local, const Effects& effects, int number, ProcessId self) const {
  const Effect& e = effects[number];
  switch (e.kind) {
    case Effect::Kind::prepare:
      local.working = static_cast<std::uint8_t>(
          1 + (setting_.work_ticks.empty() ? 0 : setting_.work_ticks[self]));
      local.asked = true;
      break;
    case Effect::Kind::vote:
      local.voted = true;
      local.vote = static_cast<LocalVote>(e.tag);
      break;
    case Effect::Kind::force:
      if (setting_.force_ticks != 0) {
        local.rest = std::make_shared<const Effects>(effects);
        local.rest_from = static_cast<std::uint8_t>(number);
        local.writing = static_cast<std::uint8_t>(1 + setting_.force_ticks);
        return false;
      }
      local.durable = e.word;
      local.unforced.clear();
      break;
    case Effect::Kind::log: local.unforced.push_back(e.word); break;
    case Effect::Kind::set_timer:
      if ((setting_.timers_that_fire >> e.tag & 1) != 0) {
        const std::uint8_t ticks = setting_.timer_ticks.empty() ? 0 : setting_.timer_ticks[e.tag];
        local.timers[e.tag] = static_cast<std::uint8_t>(1 + ticks);
      }
      break;
    case Effect::Kind::cancel_timer: local.timers[e.tag] = 0; break;
    case Effect::Kind::decide: decide(local, static_cast<Outcome>(e.tag)); break;
    case Effect::Kind::send:
    case Effect::Kind::send_set:
    case Effect::Kind::forget: break;
  }
  return true;
}

/// `cut`: visible effects done before a crash, or kWhole. The crash itself is left to the caller.
Stepped LocalSteps::performed(const Local& begun, const Effects& effects, int cut,
                              ProcessId self) const {
  Stepped out{begun, {}, cut};
  int left = cut;
  for (int i = 0; i < effects.size(); ++i) {
    const Effect& e = effects[i];
    int visible = visible_in(e, setting_.separate_sends);
    if (cut != Stepped::kWhole && visible != 0) {
      if (left == 0) return out;
      visible = std::min(visible, left);
      left -= visible;
    }
    if (e.kind == Effect::Kind::send) out.sends.push_back({e.to, Message{e.word}});
    if (e.kind == Effect::Kind::send_set) {
      const auto members = effects.members(e);
      const std::size_t all = members.size();
      const std::size_t sent = setting_.separate_sends ? static_cast<std::size_t>(visible) : all;
      for (std::size_t k = 0; k < sent; ++k) out.sends.push_back({members[k], Message{e.word}});
      out.splits = sent != all;
      if (out.splits) return out;
    }
    if (!take(out.next, effects, i, self)) return out;
  }
  return out;
}

Stepped LocalSteps::whole(const Local& from, const Act& act) const {
  Local begun = from;
  const Effects effects = effects_of(begun, act);
  Stepped out = performed(begun, effects, Stepped::kWhole, act.input.self());
  const bool recovers = act.kind == Act::Kind::input && act.input.kind() == Input::Kind::recovery;
  if (!recovers || out.next.writing != 0) return out;
  // Decided by what it has read in its log: the crash came between the force and the decision.
  const Outcome read = machine_.outcome(out.next.state.data());
  if (read != Outcome::none) decide(out.next, read);
  return out;
}

std::vector<Stepped> LocalSteps::cuts(const Local& from, const Act& act) const {
  Local begun = from;
  const Effects effects = effects_of(begun, act);
  int visible = 0;
  for (int i = 0; i < effects.size(); ++i) {
    visible += visible_in(effects[i], setting_.separate_sends);
    if (effects[i].kind == Effect::Kind::force && setting_.force_ticks != 0) break;
  }
  std::vector<Stepped> all;
  for (int cut = 1; cut < visible; ++cut) {
    const Stepped part = performed(begun, effects, cut, act.input.self());
    for (Local& down : crashed(part.next))
      all.push_back({std::move(down), part.sends, cut, part.splits});
  }
  return all;
}

Effects LocalSteps::asked(const Local& from, const Act& act) const {
  Local begun = from;
  return effects_of(begun, act);
}

LocalSteps::Reach LocalSteps::reach(const Effects& effects, int cut) const {
  if (cut == Stepped::kWhole) return {effects.size(), 0};
  int left = cut;
  for (int i = 0; i < effects.size(); ++i) {
    const int visible = visible_in(effects[i], setting_.separate_sends);
    if (visible > left || (visible > 0 && left == 0)) return {i, left};
    left -= visible;
  }
  return {effects.size(), 0};
}

std::vector<Local> LocalSteps::crashed(const Local& from) const {
  INDOUBT_ASSERT(from.phase != Local::Phase::down);
  std::vector<RecordWord> survivors{from.durable};
  survivors.insert(survivors.end(), from.unforced.begin(), from.unforced.end());
  // A write under way may have reached the disk just before the crash.
  if (from.writing != 0) survivors.push_back((*from.rest)[from.rest_from].word);
  std::vector<Local> all;
  for (const RecordWord last : survivors) {
    Local down = fresh();
    down.phase = Local::Phase::down;
    down.fired = from.fired;
    down.durable = last;
    down.decided = from.decided;
    down.reversed = from.reversed;
    down.asked = from.asked;
    down.voted = from.voted;
    down.vote = from.vote;
    all.push_back(std::move(down));
  }
  return all;
}

bool LocalSteps::can_tick(const Local& from) const {
  if (from.phase == Local::Phase::fresh || from.working == 1 || from.writing == 1) return false;
  return std::find(from.timers.begin(), from.timers.end(), std::uint8_t{1}) == from.timers.end();
}

Local LocalSteps::ticked(const Local& from) const {
  INDOUBT_ASSERT(can_tick(from));
  Local next = from;
  const auto pass = [](std::uint8_t& ticks) {
    ticks = static_cast<std::uint8_t>(ticks - (ticks != 0));
  };
  pass(next.working);
  pass(next.writing);
  for (std::uint8_t& t : next.timers) pass(t);
  return next;
}

}  // namespace indoubt
