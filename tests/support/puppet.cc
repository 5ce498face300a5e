#include "tests/support/puppet.h"

#include <algorithm>
#include <utility>

#include "tests/support/effect_text.h"
#include "tests/support/machines.h"

namespace indoubt {
namespace {

ProcessId id(int p) { return static_cast<ProcessId>(p); }

std::string joined(const std::vector<std::string>& parts, std::string_view between) {
  std::string text;
  for (const std::string& part : parts) {
    if (part.empty()) continue;
    if (!text.empty()) text += between;
    text += part;
  }
  return text;
}

std::string wire(std::string_view name, int from, int to) {
  return std::string(name) + " " + std::to_string(from) + ">" + std::to_string(to);
}

}  // namespace

Puppet::Puppet(std::string_view protocol, int participants, const std::vector<NamedOption>& options)
    : Puppet(protocol, Group{participants, {}}, options) {}

Puppet::Puppet(std::string_view protocol, const Group& group,
               const std::vector<NamedOption>& options)
    : machine_(machine_with(protocol, group, options)) {
  for (int p = 0; p < machine_.processes; ++p) {
    Site site;
    site.state.assign((machine_.state_size + 7u) / 8u, 0);
    site.armed.assign(machine_.timers.size(), false);
    machine_.construct(site.state.data());
    sites_.push_back(std::move(site));
  }
}

std::string Puppet::start() {
  const std::string asked = step(Input::start(kCoordinator));
  for (int p = 1; p < processes(); ++p) step(Input::start(id(p)));
  return asked;
}

std::size_t Puppet::find(const std::deque<Flight>& list, std::string_view name, int from,
                         int to) const {
  std::size_t i = 0;
  while (i < list.size() && !(list[i].from == from && list[i].to == to &&
                              machine_.message_name(list[i].message) == name)) {
    ++i;
  }
  return i;
}

std::string Puppet::deliver(std::string_view name, int from, int to) {
  const std::size_t i = find(flights_, name, from, to);
  if (i == flights_.size()) return wire(name, from, to) + " is not in flight";
  const Flight flight = flights_[i];
  flights_.erase(flights_.begin() + static_cast<std::ptrdiff_t>(i));
  delivered_.push_back(flight);
  return arrive(flight);
}

std::string Puppet::again(std::string_view name, int from, int to) {
  const std::size_t i = find(flights_, name, from, to);
  if (i != flights_.size()) return arrive(Flight(flights_[i]));
  const std::size_t k = find(delivered_, name, from, to);
  if (k == delivered_.size()) return wire(name, from, to) + " was never sent";
  return arrive(Flight(delivered_[k]));
}

std::string Puppet::drop(std::string_view name, int from, int to) {
  const std::size_t i = find(flights_, name, from, to);
  if (i == flights_.size()) return wire(name, from, to) + " is not in flight";
  flights_.erase(flights_.begin() + static_cast<std::ptrdiff_t>(i));
  return "lost";
}

std::string Puppet::deliver_number(std::size_t i, int times) {
  if (i >= flights_.size()) return "nothing is in flight";
  const Flight flight = flights_[i];
  flights_.erase(flights_.begin() + static_cast<std::ptrdiff_t>(i));
  delivered_.push_back(flight);
  std::vector<std::string> asked;
  for (int k = 0; k < times; ++k) asked.push_back(arrive(flight));
  return joined(asked, "; ");
}

void Puppet::repeat_everything() {
  const std::deque<Flight> once = delivered_;
  for (const Flight& flight : once) arrive(flight);
}

std::string Puppet::prepared(int p, bool yes) {
  return prepared(p, yes ? LocalVote::yes : LocalVote::no);
}

std::string Puppet::prepared(int p, LocalVote vote) {
  if (at(p).working == 0) return std::to_string(p) + " has no local work";
  --at(p).working;
  return step(Input::prepared(vote, id(p)));
}

std::string Puppet::timeout(int p, std::string_view timer) {
  for (std::size_t k = 0; k < machine_.timers.size(); ++k) {
    if (machine_.timers[k] != timer || !at(p).armed[k]) continue;
    at(p).armed[k] = false;
    return step(Input::timeout(static_cast<Tag>(k), id(p)));
  }
  return std::string(timer) + " is not armed at " + std::to_string(p);
}

std::string Puppet::recover(int p) { return restart(p, at(p).durable); }

std::string Puppet::recover(int p, std::string_view record) {
  for (const RecordWord word : written_)
    if (machine_.record_name(word) == record) return restart(p, word);
  return std::string(record) + " was never written";
}

std::string Puppet::detect(int p, int who) { return step(Input::failure(id(who), id(p))); }

void Puppet::cut(const std::vector<int>& one, const std::vector<int>& other) {
  const auto in = [](const std::vector<int>& side, int p) {
    return std::find(side.begin(), side.end(), p) != side.end();
  };
  std::erase_if(flights_, [&](const Flight& f) {
    return (in(one, f.from) && in(other, f.to)) || (in(other, f.from) && in(one, f.to));
  });
}

void Puppet::crash(int p, std::uint64_t lost) {
  Site& me = at(p);
  me.down = true;
  me.armed.assign(me.armed.size(), false);
  me.working = 0;
  std::erase_if(flights_, [&](const Flight& f) {
    if (f.from != p) return false;
    const bool loses = (lost & 1) != 0;
    lost >>= 1;
    return loses;
  });
}

std::string Puppet::restart(int p, RecordWord record) {
  Site& me = at(p);
  me.down = false;
  me.armed.assign(me.armed.size(), false);
  me.working = me.decisions = 0;
  me.durable = record;
  me.decided = Outcome::none;
  me.forgotten = me.down = false;
  machine_.construct(me.state.data());
  return step(Input::recovery(record, id(p)));
}

std::string Puppet::step(const Input& in) {
  Effects effects;
  Site& me = at(in.self());
  if (me.down) return "down";
  machine_.step(me.state.data(), in, effects);
  if (me.cut >= 0) return cut_short(in.self(), effects);
  std::vector<std::string> asked;
  for (int i = 0; i < effects.size(); ++i) {
    asked.push_back(perform(me, in.self(), effects[i], effects));
  }
  const std::string text = joined(asked, "; ");
  return text.empty() ? "nothing" : text;
}

std::string Puppet::cut_short(int p, const Effects& effects) {
  Site& me = at(p);
  int left = std::exchange(me.cut, -1);
  std::vector<std::string> asked;
  for (int i = 0; i < effects.size() && left > 0; ++i) {
    const Effect& e = effects[i];
    if (e.kind == Effect::Kind::send_set) {
      const auto reached = std::min<std::size_t>(static_cast<std::size_t>(left), e.count);
      const auto members = effects.members(e).first(reached);
      fly(p, members, Message{e.word});
      asked.push_back(effect_text(machine_, e, members));
      left -= static_cast<int>(reached);
      continue;
    }
    asked.push_back(perform(me, p, e, effects));
    left -= e.kind != Effect::Kind::cancel_timer;
  }
  asked.emplace_back("crash");
  if (std::exchange(me.stops, false)) {
    crash(p, 0);
  } else {
    asked.push_back(restart(p, me.durable));
  }
  return joined(asked, "; ");
}

std::string Puppet::perform(Site& me, int p, const Effect& e, const Effects& all) {
  const bool idle = e.kind == Effect::Kind::cancel_timer && !me.armed[e.tag];
  switch (e.kind) {
    case Effect::Kind::send: fly(p, {&e.to, 1}, Message{e.word}); break;
    case Effect::Kind::send_set: fly(p, all.members(e), Message{e.word}); break;
    case Effect::Kind::prepare: ++me.working; break;
    case Effect::Kind::vote: break;
    case Effect::Kind::force:
      ++me.forced;
      me.durable = e.word;
      [[fallthrough]];
    case Effect::Kind::log: written_.push_back(e.word); break;
    case Effect::Kind::set_timer: me.armed[e.tag] = true; break;
    case Effect::Kind::cancel_timer: me.armed[e.tag] = false; break;
    case Effect::Kind::decide:
      me.decided = static_cast<Outcome>(e.tag);
      ++me.decisions;
      break;
    case Effect::Kind::forget: me.forgotten = true; break;
  }
  return idle ? "" : effect_text(machine_, e, all.members(e));
}

void Puppet::fly(int from, std::span<const ProcessId> to, Message m) {
  for (const ProcessId each : to) flights_.push_back({m, id(from), each});
  sent_ += static_cast<int>(to.size());
}

std::string Puppet::state(int p) const { return std::string(machine_.state_name(bytes(p))); }
Outcome Puppet::outcome(int p) const { return machine_.outcome(bytes(p)); }
std::string Puppet::record(int p) const { return std::string(machine_.record_name(at(p).durable)); }

std::string Puppet::armed(int p) const {
  std::vector<std::string> names;
  for (std::size_t k = 0; k < machine_.timers.size(); ++k)
    if (at(p).armed[k]) names.emplace_back(machine_.timers[k]);
  return joined(names, " ");
}

std::string Puppet::key() const {
  std::string key;
  const auto add = [&](std::uint64_t word) {
    for (int k = 0; k < 8; ++k) key += static_cast<char>(word >> 8 * k & 0xff);
  };
  for (const Site& site : sites_) {
    for (const std::uint64_t word : site.state) add(word);
    add(site.durable);
    std::uint64_t flags = site.down ? 1 : 0;
    for (const bool armed : site.armed) flags = flags << 1 | (armed ? 1u : 0u);
    add(flags << 8 | static_cast<std::uint64_t>(site.working));
  }
  std::vector<std::pair<std::uint64_t, std::uint64_t>> flights;
  for (const Flight& f : flights_) {
    flights.emplace_back(f.message.word, static_cast<std::uint64_t>(f.from) << 16 | f.to);
  }
  std::sort(flights.begin(), flights.end());
  for (const auto& [message, ends] : flights) {
    add(message);
    add(ends);
  }
  return key;
}

std::string Puppet::in_flight() const {
  std::vector<std::string> all;
  for (const Flight& f : flights_)
    all.push_back(wire(machine_.message_name(f.message), f.from, f.to));
  return joined(all, ", ");
}

}  // namespace indoubt
