// Which faults strike, and what a crash and a restart do.
#include <algorithm>
#include <utility>

#include "analysis/chain/happen.h"

namespace indoubt::markov {
namespace {

bool names(const std::string& wanted, std::string_view found) {
  return wanted.empty() || wanted == found;
}

bool drawn_each_time(const Trigger& when) {
  return when.point.where == Point::Where::each_send || when.point.where == Point::Where::per_step;
}

}  // namespace

// ---- points

std::string_view Happenings::handler(const Input& in) const {
  switch (in.kind()) {
    case Input::Kind::start: return "start";
    case Input::Kind::message: return machine_.message_name(in.message());
    case Input::Kind::prepared: return "prepared";
    case Input::Kind::timeout: return machine_.timers[in.tag()];
    case Input::Kind::recovery: return "recovery";
    case Input::Kind::failure: return "failure";
  }
  return "";
}

/// Calls f for the faults whose points this process and handler may reach now. A crash here does
/// not hide the point from those after it.
template <class F>
void Happenings::each_point(Watch& watch, F&& f) {
  if (watch.crashed_by) return;
  const auto& rules = plan_.faults().rules();
  for (std::size_t r = 0; r < rules.size(); ++r) {
    const Trigger& when = rules[r].fault->when;
    if (when.kind != Trigger::Kind::at_point || plan_.rules()[r].never || world_->active[r] == 2)
      continue;
    if (rules[r].at[watch.self] && names(when.point.handler, handler(watch.input))) f(r, when);
  }
}

/// Instead of acting at a step, or of handling a delivered message.
void Happenings::strikes_instead(Watch& watch) {
  each_point(watch, [&](std::size_t r, const Trigger& when) {
    const Point& point = when.point;
    const bool instead = point.where == Point::Where::instead_of &&
                         watch.input.kind() == Input::Kind::message &&
                         names(point.name, machine_.message_name(watch.input.message())) &&
                         plan_.faults().rules()[r].to[watch.input.from()];
    if (point.where == Point::Where::per_step || instead) reach(r, watch);
  });
}

void Happenings::step_point(Watch& watch) {
  each_point(watch, [&](std::size_t r, const Trigger& when) {
    if (when.point.where == Point::Where::per_step) reach(r, watch);
  });
}

void Happenings::at(Point::Where where, Point::What what, std::string_view name, Watch& watch) {
  each_point(watch, [&](std::size_t r, const Trigger& when) {
    if (when.point.where == where && names_effect(when.point, what, name)) reach(r, watch);
  });
}

/// The points before and after the single send number i of a broadcast.
void Happenings::around_send(Point::Where where, std::string_view name,
                             std::span<const ProcessId> to, std::size_t i, Watch& watch) {
  each_point(watch, [&](std::size_t r, const Trigger& when) {
    const Point& point = when.point;
    if (!names_effect(point, Point::What::send, name)) return;
    const bool to_it = plan_.faults().rules()[r].to[to[i]];
    if (point.where == Point::Where::each_send && where == Point::Where::before) {
      if (to_it) reach(r, watch);
      return;
    }
    if (point.where != where || !to_it) return;
    const bool whole = point.to.empty() && point.sends == 0;
    if (whole && i != (where == Point::Where::before ? 0 : to.size() - 1)) return;
    if (point.sends != 0 && i + 1 != static_cast<std::size_t>(point.sends)) return;
    reach(r, watch);
  });
}

std::size_t Happenings::random_cut(std::string_view name, std::size_t sends, Watch& watch,
                                   std::size_t& rule) {
  std::size_t cut = ~std::size_t{0};
  each_point(watch, [&](std::size_t r, const Trigger& when) {
    if (when.point.where != Point::Where::random_cut) return;
    if (!names_effect(when.point, Point::What::send, name)) return;
    if (!counts(r) || !concerns(r)) return;
    cut = choices_->uniform(sends + 1);
    rule = r;
  });
  return cut;
}

/// Counts that the point of a rule was reached; true if its time and its conditions are met.
bool Happenings::counts(std::size_t rule) {
  const Trigger& when = plan_.rules()[rule].fault->when;
  if (when.occurrence != 0) {
    std::uint8_t& seen = world_->seen[rule];
    if (seen > when.occurrence) return false;  // over
    if (++seen != when.occurrence) return false;
    ++seen;  // over, whatever comes of it
  }
  return meets_conditions(rule);
}

bool Happenings::meets_conditions(std::size_t rule) const {
  if (world_->windows[rule] != World::Window::open) return false;
  return !(plan_.rules()[rule].fault->when.before_first_inquiry && world_->inquired);
}

/// Whether a fault concerns the transaction: drawn when it first matters, and kept.
bool Happenings::concerns(std::size_t rule) {
  if (plan_.rules()[rule].never) return false;
  std::uint8_t& active = world_->active[rule];
  if (active != 0) return active == 1;
  const bool yes = happens(plan_.rules()[rule].probability);
  const Fault& fault = *plan_.rules()[rule].fault;
  const bool of_point = fault.when.kind == Trigger::Kind::at_point;
  const bool kept = fault.kind == Fault::Kind::clock ||
                    (of_point ? fault.when.occurrence == 0 : fault.kind != Fault::Kind::crash);
  if (kept) active = yes ? 1 : 2;
  return yes;
}

void Happenings::reach(std::size_t rule, Watch& watch) {
  const Fault& fault = *plan_.rules()[rule].fault;
  const bool each_time = drawn_each_time(fault.when);
  if (watch.crashed_by && (each_time || fault.kind == Fault::Kind::crash)) {
    if (!each_time) counts(rule);
    return;
  }
  if (each_time) {
    if (!meets_conditions(rule) || !happens(plan_.rules()[rule].probability)) return;
  } else if (!counts(rule) || !concerns(rule)) {
    return;
  }
  strike_at(rule, watch);
}

/// A crash cuts the step short; anything else strikes at once, and the step goes on.
void Happenings::strike_at(std::size_t rule, Watch& watch) {
  if (plan_.rules()[rule].fault->kind != Fault::Kind::crash) return strike(rule);
  if (!watch.crashed_by) watch.crashed_by = rule;
}

void Happenings::send_all(std::span<const ProcessId> to, Message m, Watch& watch) {
  if (watch.decided && !watch.told) step_point(watch);
  watch.told = watch.decided;
  const std::string_view name = machine_.message_name(m);
  if (plan_.counts_inquiries() && name == "INQUIRY" && watch.self != kCoordinator)
    world_->inquired = true;
  std::size_t rule = 0;
  const std::size_t cut = random_cut(name, to.size(), watch, rule);
  std::int64_t gap = 0;
  for (std::size_t i = 0; i < to.size() && !watch.crashed_by; ++i) {
    if (i == cut) strike_at(rule, watch);
    around_send(Point::Where::before, name, to, i, watch);
    if (!watch.crashed_by) send(watch.self, to[i], m, gap);
    gap += plan_.network().send_gap_ns();
    around_send(Point::Where::after, name, to, i, watch);
  }
  if (cut == to.size() && !watch.crashed_by) strike_at(rule, watch);
}

/// Chosen messages: true if lost.
bool Happenings::mishap(ProcessId from, ProcessId to, Message m, Passage& passage) {
  const std::pair link{plan_.network().site_of(from), plan_.network().site_of(to)};
  bool lost = false;
  for (std::size_t r = 0; r < plan_.rules().size(); ++r) {
    const Plan::Rule& rule = plan_.rules()[r];
    const Fault& fault = *rule.fault;
    if (fault.kind != Fault::Kind::message || rule.never || world_->active[r] == 2) continue;
    if (!fault.type.empty() && fault.type != machine_.message_name(m)) continue;
    const auto& links = plan_.faults().rules()[r].links;
    if (std::find(links.begin(), links.end(), link) == links.end()) continue;
    if (fault.nth != 0) {
      auto met = std::find_if(world_->met.begin(), world_->met.end(), [&](const Met& each) {
        return each.rule == r && each.from == link.first && each.to == link.second;
      });
      if (met == world_->met.end())
        met = world_->met.insert(met, {static_cast<std::uint8_t>(r), link.first, link.second, 0});
      if (met->messages >= fault.nth || ++met->messages != fault.nth) continue;
    }
    if (!meets_conditions(r) || !happens(rule.probability)) continue;
    switch (fault.action) {
      case Fault::Action::lose: lost = true; break;
      case Fault::Action::duplicate: passage.twice = true; break;
      case Fault::Action::delay: passage.departs += rule.delay.fixed; break;
      case Fault::Action::hold: passage.not_before = passage.departs + rule.delay.fixed; break;
    }
  }
  return lost;
}

// ---- sites

/// A fault takes a site down, or holds down one that is down already. False if it does so already.
bool Happenings::crash(std::size_t rule, ProcessId where) {
  SiteState& state = world_->sites[where];
  if (holds_down(rule, where)) return false;
  const Plan::Rule& fault = plan_.rules()[rule];
  const bool was_up = std::exchange(state.up, false);
  state.holds_messages = fault.fault->messages_held && (was_up || state.holds_messages);
  state.held_down |= std::uint64_t{1} << rule;
  state.open.clear();
  world_->crashed = true;
  for (ProcessId p = 0; p < machine_.processes; ++p) {
    if (plan_.network().site_of(p) != where) continue;
    if (was_up) drop(p);
    if (fault.fault->log_lost) lose_log(p);
  }
  if (fault.lasts)
    begin_item({.kind = Item::Kind::repair, .tag = static_cast<Tag>(rule), .to = where},
               *fault.lasts, "");
  return true;
}

/// Volatile state is gone: what waited for a force, inputs held back, timers, local work.
void Happenings::drop(ProcessId p) {
  ProcessState& me = process(p);
  std::vector<Item> left;
  left.swap(world_->items);
  for (Item i : left) {
    if (i.to == p && i.kind == Item::Kind::timer) continue;
    if (i.to == p && (i.kind == Item::Kind::prepared || i.kind == Item::Kind::written)) {
      i.kind = Item::Kind::idle;
      i.to = 0;
    }
    world_->add(i);
  }
  me.held.clear();
  me.waits = me.floating = 0;
  me.working = false;
  me.anew = true;
  std::fill(me.state.begin(), me.state.end(), 0);
  machine_.construct(me.state.data());
  // It had learnt a decision that it could not make its own in time.
  if (!me.learnt || me.decided != Outcome::none) return;
  me.learnt = false;
  if (p == kCoordinator) world_->cause = AbortCause::other;
  if (p == kCoordinator || me.voted != Voted::yes) return;
  me.in_doubt = true;
  ++me.doubts;
}

void Happenings::lose_log(ProcessId p) {
  process(p).durable = 0;
  if (p == kCoordinator) world_->recorded = Outcome::none;
}

bool Happenings::holds_down(std::size_t rule, ProcessId where) const {
  return (world_->sites[where].held_down >> rule & 1) != 0;
}

void Happenings::restart(ProcessId where) {
  SiteState& state = world_->sites[where];
  state.up = true;
  for (ProcessId p = 0; p < machine_.processes; ++p) {
    if (plan_.network().site_of(p) != where || !state.up) continue;
    step(Input::recovery(process(p).durable, p));
    // Decided by what it has read in its log: the crash came between the force and the decision.
    const Outcome read = machine_.outcome(process(p).state.data());
    if (process(p).waits == 0 && read != Outcome::none && read != process(p).decided)
      decide(p, read, AbortCause::other);
    if (!state.up) continue;
    const std::uint8_t overdue = std::exchange(process(p).overdue, std::uint8_t{0});
    if (overdue != 0) decide_alone(p, overdue - 1u);
  }
}

/// Everything that a crash names, each site with its own probability.
void Happenings::strike_sites(std::size_t rule) {
  bool struck = false;
  for (const ProcessId where : plan_.faults().rules()[rule].sites) {
    if (plan_.rules()[rule].each && !choices_->happens(*plan_.rules()[rule].each)) continue;
    struck = crash(rule, where) || struck;
  }
  if (!struck && plan_.rules()[rule].fault->when.kind == Trigger::Kind::random)
    schedule_random(rule);
}

void Happenings::schedule_random(std::size_t rule) {
  begin_item({.kind = Item::Kind::fault, .tag = static_cast<Tag>(rule)}, *plan_.rules()[rule].gap,
             "mttf");
}

/// When the last of the faults that hold a site down ends (Item::at); nothing: one of them does
/// not.
std::optional<std::int64_t> Happenings::restarts_at(ProcessId where) const {
  std::uint64_t endless = world_->sites[where].held_down;
  std::int64_t last = 0;
  for (const Item& i : world_->items) {
    if (i.kind != Item::Kind::repair || i.to != where) continue;
    endless &= ~(std::uint64_t{1} << i.tag);
    last = std::max(last, i.at);
  }
  if (endless != 0) return std::nullopt;
  return last;
}

void Happenings::repaired(const Item& item) {
  const std::size_t rule = item.tag;
  if (plan_.rules()[rule].cuts()) return end_trouble(rule);
  if (!holds_down(rule, item.to)) return;
  SiteState& state = world_->sites[item.to];
  state.held_down &= ~(std::uint64_t{1} << rule);
  if (state.held_down == 0) restart(item.to);
  if (plan_.rules()[rule].fault->when.kind != Trigger::Kind::random) return;
  const auto& sites = plan_.faults().rules()[rule].sites;
  const bool down =
      std::any_of(sites.begin(), sites.end(), [&](ProcessId s) { return holds_down(rule, s); });
  if (!down) schedule_random(rule);
}

}  // namespace indoubt::markov
