// Faults that come by themselves and those that last: when they begin, what they do to links, sites
// and clocks, and decisions without the protocol.
#include <algorithm>

#include "analysis/chain/happen.h"

namespace indoubt::markov {
namespace {

/// `ns` taken `slowness` times as long, rounded as a run rounds.
std::int64_t stretched(std::int64_t ns, double slowness) {
  return slowness == 1 ? ns : static_cast<std::int64_t>(static_cast<double>(ns) * slowness);
}

}  // namespace

// ---- when

/// Before the faults: at one instant a window opens before they come.
void Happenings::begin_windows() {
  for (std::size_t r = 0; r < plan_.rules().size(); ++r) {
    const Trigger& when = plan_.rules()[r].fault->when;
    const auto at = [&](Duration time, ProcessId closes) {
      Item item{.kind = Item::Kind::window, .tag = static_cast<Tag>(r), .from = closes};
      begin_item(item, {time.count(), Weights::kOne, 0}, "window");
    };
    if (when.until) at(*when.until, 1);
    if (when.from == Duration{0}) continue;
    world_->windows[r] = World::Window::before;
    at(when.from, 0);
  }
}

void Happenings::begin_faults() {
  for (std::size_t r = 0; r < plan_.rules().size(); ++r) {
    const Fault& fault = *plan_.rules()[r].fault;
    const bool by_itself = fault.when.kind != Trigger::Kind::at_point &&
                           fault.kind != Fault::Kind::message && fault.kind != Fault::Kind::disk;
    if (!by_itself || !concerns(r)) continue;
    if (fault.when.kind == Trigger::Kind::always) strike(r);
    if (fault.when.kind == Trigger::Kind::random) schedule_random(r);
    if (fault.when.kind != Trigger::Kind::at_time) continue;
    const bool outcome = fault.kind == Fault::Kind::outcome;
    begin_item(
        {.kind = outcome ? Item::Kind::verdict : Item::Kind::fault, .tag = static_cast<Tag>(r)},
        {fault.when.time.count(), Weights::kOne, 0}, "time");
  }
}

/// A fault to come is there: it strikes if its conditions hold.
void Happenings::come(const Item& fault) {
  if (meets_conditions(fault.tag)) return strike(fault.tag);
  const bool random = plan_.rules()[fault.tag].fault->when.kind == Trigger::Kind::random;
  if (random && world_->windows[fault.tag] != World::Window::past) schedule_random(fault.tag);
}

/// Everything that a fault names.
void Happenings::strike(std::size_t rule) {
  const Fault& fault = *plan_.rules()[rule].fault;
  switch (fault.kind) {
    case Fault::Kind::crash: return strike_sites(rule);
    case Fault::Kind::partition:
    case Fault::Kind::cut:
    case Fault::Kind::slow_link:
    case Fault::Kind::stall:
    case Fault::Kind::slow_site: return begin_trouble(rule);
    case Fault::Kind::clock: return jump_clocks(rule);
    case Fault::Kind::outcome:
      for (ProcessId p = 1; p <= machine_.group.participants; ++p)
        if (plan_.faults().rules()[rule].at[p]) decide_alone(p, rule);
      return;
    case Fault::Kind::heuristic:
    case Fault::Kind::message:
    case Fault::Kind::disk: return;
  }
}

// ---- links and slow sites

void Happenings::begin_trouble(std::size_t rule) {
  const Plan::Rule& r = plan_.rules()[rule];
  std::uint8_t& struck = world_->struck[rule];
  if (r.cuts()) drop_flights(rule);
  if (struck == UINT8_MAX) return;
  ++struck;
  if (!r.lasts) {
    if (r.cuts()) struck = 1;  // once is as good as twice; what is slow gets slower
    return;
  }
  begin_item(
      {.kind = r.cuts() ? Item::Kind::repair : Item::Kind::ease, .tag = static_cast<Tag>(rule)},
      *r.lasts, "");
}

void Happenings::end_trouble(std::size_t rule) {
  if (world_->struck[rule] == 0) return;
  --world_->struck[rule];
  if (plan_.rules()[rule].fault->when.kind == Trigger::Kind::random) schedule_random(rule);
}

/// A message is lost if its link is cut at any moment of its way. It would have come to nothing
/// when it arrived, and takes that long.
void Happenings::drop_flights(std::size_t rule) {
  world_->lost = true;  // a failure, whether or not a message meets it
  const auto& links = plan_.faults().rules()[rule].links;
  std::vector<Item> left;
  left.swap(world_->items);
  for (Item i : left) {
    const std::pair link{plan_.network().site_of(i.from), plan_.network().site_of(i.to)};
    const bool cut =
        i.kind == Item::Kind::deliver && std::find(links.begin(), links.end(), link) != links.end();
    if (cut) {
      i.kind = Item::Kind::idle;
      i.word = 0;
      if (!plan_.detection()) i.from = i.to = 0;  // a report waits for it
    }
    world_->add(i);
  }
}

/// Calls f(rule) for each strike on a link that holds now.
template <class F>
void Happenings::each_trouble(Fault::Kind kind, ProcessId from, ProcessId to, F&& f) const {
  if (!plan_.has_link_faults()) return;
  const std::pair link{plan_.network().site_of(from), plan_.network().site_of(to)};
  for (std::size_t r = 0; r < plan_.rules().size(); ++r) {
    if (world_->struck[r] == 0 || plan_.rules()[r].fault->kind != kind) continue;
    const auto& links = plan_.faults().rules()[r].links;
    if (std::find(links.begin(), links.end(), link) == links.end()) continue;
    for (int n = 0; n < world_->struck[r]; ++n) f(r);
  }
}

bool Happenings::is_cut(ProcessId from, ProcessId to) const {
  bool cut = false;
  for (const Fault::Kind kind : {Fault::Kind::partition, Fault::Kind::cut})
    each_trouble(kind, from, to, [&](std::size_t) { cut = true; });
  return cut;
}

/// When the last stall of a link ends (Item::at); nothing: there is none.
std::optional<std::int64_t> Happenings::stalled_until(ProcessId from, ProcessId to) const {
  std::optional<std::int64_t> until;
  each_trouble(Fault::Kind::stall, from, to, [&](std::size_t rule) {
    for (const Item& i : world_->items)
      if (i.kind == Item::Kind::ease && i.tag == rule) until = std::max(until.value_or(0), i.at);
  });
  return until;
}

Delay Happenings::slowed_link(Delay delay, ProcessId from, ProcessId to) {
  double slowness = 1;
  each_trouble(Fault::Kind::slow_link, from, to, [&](std::size_t r) {
    slowness *= plan_.rules()[r].fault->factor;
    if (delay.stages != 0) delay.rate = choices_->paced(delay.rate, plan_.rules()[r].pace);
  });
  if (delay.stages == 0) delay.fixed = stretched(delay.fixed, slowness);
  return delay;
}

bool Happenings::is_of_site(std::size_t rule, Fault::Kind kind, ProcessId p) const {
  const auto& sites = plan_.faults().rules()[rule].sites;
  return plan_.rules()[rule].fault->kind == kind &&
         std::find(sites.begin(), sites.end(), plan_.network().site_of(p)) != sites.end();
}

/// Local work and forced writes.
Delay Happenings::slowed_site(Delay delay, ProcessId p) {
  if (!plan_.has_site_faults()) return delay;
  double slowness = 1;
  for (std::size_t r = 0; r < plan_.rules().size(); ++r) {
    const Plan::Rule& rule = plan_.rules()[r];
    const bool slow = is_of_site(r, Fault::Kind::slow_site, p);
    for (int n = slow ? world_->struck[r] : 0; n > 0; --n) {
      slowness *= rule.fault->factor;
      if (delay.stages != 0) delay.rate = choices_->paced(delay.rate, rule.pace);
    }
  }
  if (delay.stages == 0) delay.fixed = stretched(delay.fixed, slowness);
  return delay;
}

// ---- clocks

/// A clock that drifts does so from the beginning on, whatever else its fault says.
Delay Happenings::by_clock(Delay delay, ProcessId p) {
  if (!plan_.has_site_faults()) return delay;
  double rate = 1;
  for (std::size_t r = 0; r < plan_.rules().size(); ++r) {
    const Plan::Rule& rule = plan_.rules()[r];
    if (!is_of_site(r, Fault::Kind::clock, p) || !concerns(r)) continue;
    rate *= rule.fault->drift;
    if (delay.stages != 0) delay.rate = choices_->paced(delay.rate, rule.pace);
  }
  if (delay.stages == 0) delay.fixed = stretched(delay.fixed, 1 / rate);
  return delay;
}

/// A clock that is set forward brings what it times nearer; set back, it puts it off. Only where no
/// time is random.
void Happenings::jump_clocks(std::size_t rule) {
  const Fault& fault = *plan_.rules()[rule].fault;
  if (fault.jump == Duration{0}) return;
  std::vector<Item> jumped;
  std::erase_if(world_->items, [&](const Item& i) {
    const bool its = i.kind == Item::Kind::timer && plan_.faults().rules()[rule].at[i.to];
    if (its) jumped.push_back(i);
    return its;
  });
  // In the order in which a run arms them anew.
  std::stable_sort(jumped.begin(), jumped.end(), [](const Item& a, const Item& b) {
    return std::pair{a.to, a.tag} < std::pair{b.to, b.tag};
  });
  for (Item& i : jumped) {
    const Delay sooner = by_clock({fault.jump.count(), Weights::kOne, 0}, i.to);
    i.at = std::max<std::int64_t>(0, i.at - sooner.fixed);
    world_->add(i);
  }
}

// ---- decisions without the protocol

/// A participant has come to be in doubt: it will decide alone after a time.
void Happenings::expect_verdicts(ProcessId p) {
  for (std::size_t r = 0; r < plan_.rules().size(); ++r) {
    const Plan::Rule& rule = plan_.rules()[r];
    if (rule.fault->kind != Fault::Kind::heuristic || !plan_.faults().rules()[r].at[p]) continue;
    if (!concerns(r)) continue;
    begin_item({.kind = Item::Kind::verdict, .tag = static_cast<Tag>(r), .to = p}, rule.delay, "");
  }
}

/// By itself, one whose site is down does so as soon as it is up again.
void Happenings::decide_alone(ProcessId p, std::size_t rule) {
  ProcessState& me = process(p);
  const Fault& fault = *plan_.rules()[rule].fault;
  if (!me.in_doubt) return;
  if (!site(p).up) {
    if (me.overdue == 0) me.overdue = static_cast<std::uint8_t>(rule + 1);
    return;
  }
  decide(p, fault.outcome, AbortCause::heuristic);
  process(p).alone = true;
}

}  // namespace indoubt::markov
