#pragma once
// Links under faults: cut, slow, stalled; chosen messages.
#include "sim/engine/simulator_effects.h"

namespace indoubt {

template <class Events>
void Simulator<Events>::change_links(Transaction& carrier, std::size_t rule, bool begins) {
  ++upheavals_;
  const FaultPlan::Rule& r = faults_.rules()[rule];
  const Fault& fault = *r.fault;
  const bool cuts = fault.kind == Fault::Kind::partition || fault.kind == Fault::Kind::cut;
  const bool ends = fault.lasts || fault.when.kind == Trigger::Kind::trace;
  tell_fault(rule, begins);
  const std::int64_t until = begins ? end_of(carrier, rule, kCoordinator) : now_;
  if (cuts && begins) ++cut_epoch_;
  if (cuts && ends) trouble(carrier).revivals += begins ? 1u : ~0u;
  if (fault.kind == Fault::Kind::slow_link) count_slow(rule, begins);
  if (cuts)  // a failure, whether or not a message meets it
    for_each_live([](Transaction& t) { t.lost_message = true; });
  sweep_ = shared();
  for (const auto& [from, to] : r.links) {
    LinkTrouble& link = links_[std::size_t{from} * processes_ + to];
    if (cuts) {
      link.cuts += begins ? 1u : ~0u;
      if (begins) link.cut_epoch = cut_epoch_;
      if (!ends) link.endless = 1;
    } else if (fault.kind == Fault::Kind::slow_link) {
      link.slowness = slowness_of_link({from, to});
    } else {
      link.stalled_until = std::max(link.stalled_until, until);  // others may hold it for longer
    }
  }
}

/// The product of the factors that hold now, made anew each time: dividing by one of them would not
/// always lead back to exactly what was before.
template <class Events>
double Simulator<Events>::slowness_of_link(std::pair<ProcessId, ProcessId> link) const {
  return slowness_of([&](const FaultPlan::Rule& r) {
    return r.fault->kind == Fault::Kind::slow_link &&
           std::find(r.links.begin(), r.links.end(), link) != r.links.end();
  });
}

template <class Events>
double Simulator<Events>::slowness_of_site(ProcessId site) const {
  return slowness_of([&](const FaultPlan::Rule& r) {
    return r.fault->kind == Fault::Kind::slow_site &&
           std::find(r.sites.begin(), r.sites.end(), site) != r.sites.end();
  });
}

/// Chosen messages: lost (true), sent twice, delayed or held.
template <class Events>
bool Simulator<Events>::meets_mishap(Transaction& t, ProcessId from, ProcessId to, Message m,
                                     Passage& passage) {
  const std::pair link{network_.site_of(from), network_.site_of(to)};
  bool lost = false;
  for (std::size_t r = 0; r < faults_.rules().size(); ++r) {
    const FaultPlan::Rule& rule = faults_.rules()[r];
    const Fault& fault = *rule.fault;
    if (fault.kind != Fault::Kind::message || !concerns(t, r)) continue;
    if (!fault.type.empty() && fault.type != machine_.message_name(m)) continue;
    if (std::find(rule.links.begin(), rule.links.end(), link) == rule.links.end()) continue;
    const std::uint32_t n = ++trouble(t).seen[r];
    const std::uint32_t of_link = trouble(t).next_of(r, link);
    if (fault.nth != 0 && of_link != static_cast<std::uint32_t>(fault.nth)) continue;
    if (!meets_conditions(t, fault.when) || !strikes_now(t, r, n)) continue;
    DrawWords words(draws_, {t.number, Purpose::repair, static_cast<std::uint32_t>(r), n});
    switch (fault.action) {
      case Fault::Action::lose: lost = true; break;
      case Fault::Action::duplicate: passage.twice = true; break;
      case Fault::Action::delay: passage.departs += fault.delay.sample(words).count(); break;
      case Fault::Action::hold:
        passage.not_before = passage.departs + fault.delay.sample(words).count();
        break;
    }
  }
  return lost;
}

template <class Events>
void Simulator<Events>::tell_passage(Transaction& t, ProcessId from, ProcessId to, Message m,
                                     const Passage& passage, std::int64_t departs) const {
  const auto tell = [&](Mishap what, std::int64_t ns) {
    options_.observer->on_mishap(at(t, from), to, m, what, Duration{ns});
  };
  if (passage.departs != departs) tell(Mishap::delayed, passage.departs - departs);
  if (passage.not_before > now_) tell(Mishap::held, passage.not_before - t.started);
  if (passage.twice) tell(Mishap::twice, 0);
}

/// A message that has come waits outside.
template <class Events>
void Simulator<Events>::hold(Transaction& t, const Happening& h, std::int64_t until) {
  if (options_.observer != nullptr)
    options_.observer->on_mishap(at(t, h.from()), h.to(), Message{h.word}, Mishap::held,
                                 Duration{until - t.started});
  schedule(until, t, h.head, h.word, h.token);
}

template <class Events>
void Simulator<Events>::lose(Transaction& t, ProcessId from, ProcessId to, Message m, Loss why) {
  t.lost_message = true;
  ++tally_.totals.lost;
  if (options_.observer) options_.observer->on_loss(at(t, from), to, m, why);
}

/// Whether what was under way does not come about: its site has crashed since, or it meets a site
/// that is down, a cut or a stalled link.
template <class Events>
bool Simulator<Events>::is_void(Transaction& t, const Happening& h) {
  const ProcessId to = h.to();
  const SiteState& state = site(to);
  const ProcessId from = h.from();
  const auto lost = [&](Loss why) {
    lose(t, from, to, Message{h.word}, why);
    return true;
  };
  switch (h.kind()) {
    case Happening::Kind::prepared:
    case Happening::Kind::durable: return h.token != state.incarnation;
    case Happening::Kind::handled: return h.token != state.incarnation && lost(Loss::down);
    case Happening::Kind::deliver: break;
    case Happening::Kind::commit: return false;
    case Happening::Kind::told:
      if (state.up && h.token == site(from).incarnation && !site(from).up) return false;
      --trouble(t).reports;  // it has restarted meanwhile, or nobody is there to be told
      return true;
    default: return !state.up;
  }
  if (faults_.has_network_faults()) {
    const LinkTrouble& link = link_trouble(from, to);
    if (link.cuts != 0 || link.cut_epoch > h.token) return lost(Loss::cut);
    if (now_ < link.stalled_until) {
      if (link.stalled_until == SiteState::kNever) return lost(Loss::stalled);
      hold(t, h, link.stalled_until);
      return true;
    }
  }
  if (state.up) return false;
  if (!state.holds_messages || state.restarts_at == SiteState::kNever) return lost(Loss::down);
  hold(t, h, state.restarts_at);
  return true;
}

}  // namespace indoubt
