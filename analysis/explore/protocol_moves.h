#pragma once
// The moves of a world; included by protocol_model.h.
#include <algorithm>
#include <numeric>
#include <type_traits>

#include "analysis/explore/protocol_model.h"

namespace indoubt {

template <int kWords>
void ProtocolModel<kWords>::adopt() {
  local_.clear();
  inbox_.clear();
  fellows_.assign(n_, {});
  for (ProcessId p = 0; p < n_; ++p) {
    local_.push_back(worlds_.local_field(p));
    inbox_.push_back(worlds_.inbox_field(p));
    for (ProcessId q = 0; q < n_; ++q)
      if (q != p && b_.setup().site[q] == b_.setup().site[p]) fellows_[p].push_back(q);
  }
  crashes_ = worlds_.field(Budget::crashes);
  losses_ = worlds_.field(Budget::losses);
  duplications_ = worlds_.field(Budget::duplications);
  partitions_ = worlds_.field(Budget::partitions);
  split_ = worlds_.field(Budget::split);
  const Exploration& e = b_.setup().budget;
  timing_ = e.timing;
  recovers_ = e.recoveries;
  heals_ = e.heals;
  any_loss_ = e.losses == Exploration::kAny;
  any_duplication_ = e.duplications == Exploration::kAny;
}

/// Whether an item of an inbox may be delivered now, as far as clocks and reports are concerned.
template <int kWords>
bool ProtocolModel<kWords>::arrives(ProcessId p, std::uint32_t inbox, std::uint32_t item) const {
  if (timing_ == Timing::timed && b_.ticks_left(item) != 0) return false;
  const MessageName& name = b_.message(p, b_.message_of(item));
  if (!name.failure) return true;
  for (const std::uint32_t other : b_.items(p, inbox))
    if (other != item && b_.message(p, b_.message_of(other)).from == name.from) return false;
  return true;
}

template <int kWords>
bool ProtocolModel<kWords>::anything_due(const World& w, Behaviour::Fact how) const {
  for (ProcessId p = 0; p < n_; ++p) {
    const std::uint32_t facts = b_.facts(p, local_[p].get(w));
    if ((facts & how) != 0) return true;
    if ((facts & Behaviour::busy) == 0 && b_.has_due(p, inbox_[p].get(w))) return true;
  }
  return false;
}

/// Takes out of the inbox of p what can make no difference any more.
template <int kWords>
template <class F>
bool ProtocolModel<kWords>::drop_dead(Expansion<F>& x, ProcessId p, World& next) const {
  const std::uint32_t row = b_.dead_row(p, local_[p].get(next)), box = inbox_[p].get(next);
  if (row == 0 || box == 0) return true;
  const std::uint32_t kept = b_.kept(p, box, row);
  if (kept == kUnknown)
    x.gap({Gap::Kind::kept, p, box, row});
  else
    inbox_[p].set(next, kept);
  return kept != kUnknown;
}

/// Adds what a rule of p sends to the inboxes; false if one of them is not known yet.
template <int kWords>
template <class F>
bool ProtocolModel<kWords>::send_all(Expansion<F>& x, ProcessId p, const Behaviour::Rule& rule,
                                     World& next) const {
  for (const Behaviour::Send& s : b_.sends(rule)) {
    if (x.split != 0 && !Behaviour::same_side(x.split, p, s.to)) continue;
    if (!recovers_ && dead(next, s.to)) continue;
    const std::uint32_t row = b_.dead_row(s.to, local_[s.to].get(next));
    if (row != 0 && b_.dead(s.to, row, b_.message_of(s.item))) continue;
    const std::uint32_t box = inbox_[s.to].get(next);
    const std::uint32_t more = b_.plus(s.to, box, s.item);
    if (more == kUnknown) {
      x.gap({Gap::Kind::plus, s.to, box, s.item});
      return false;
    }
    inbox_[s.to].set(next, more);
  }
  return true;
}

/// Other processes at the site of one that crashes go down with it, from number i of them on, and
/// are reported as it is. The end of the site's log is lost. In which order its processes wrote to
/// it is not known here, so each of them may keep any of its own unforced records: some of these
/// ways are none of one log.
template <int kWords>
template <class F>
void ProtocolModel<kWords>::bring_down_fellows(Expansion<F>& x, ProcessId p, std::size_t i,
                                               const World& next, Label label) const {
  if (i == fellows_[p].size()) return x.f(next, label);
  const ProcessId q = fellows_[p][i];
  const std::uint32_t l = local_[q].get(next);
  if ((b_.facts(q, l) & (Behaviour::up | Behaviour::fresh)) == 0)
    return bring_down_fellows(x, p, i + 1, next, label);
  const Behaviour::Range range = b_.spontaneous(q, l);
  if (range.first == kUnknown) return x.gap({Gap::Kind::spontaneous, q, l});
  for (const Behaviour::Rule& r : b_.rules(range)) {
    if (r.move != Move::crash) continue;
    World down = next;
    local_[q].set(down, r.next);
    if (!recovers_) inbox_[q].set(down, 0);
    if (drop_dead(x, q, down) && send_all(x, q, r, down))
      bring_down_fellows(x, p, i + 1, down, label);
  }
}

/// Applies a rule of p to `base`, in which its trigger is gone already.
template <int kWords>
template <class F>
void ProtocolModel<kWords>::act(Expansion<F>& x, ProcessId p, const World& base,
                                const Behaviour::Rule& rule, Label label) const {
  if (x.splits_only && !rule.splits) return;
  World next = base;
  local_[p].set(next, rule.next);
  if (rule.crashes) {
    const std::uint32_t left = crashes_.get(base);
    if (left == 0) return;
    x.splits = x.splits || rule.splits;
    crashes_.set(next, left - 1);
    if (!recovers_) inbox_[p].set(next, 0);
  }
  if (!drop_dead(x, p, next) || !send_all(x, p, rule, next)) return;
  if (rule.crashes) return bring_down_fellows(x, p, 0, next, label);
  x.f(next, label);
}

template <int kWords>
bool ProtocolModel<kWords>::leads_to(const World& w, ProcessId p, const Behaviour::Rule& rule,
                                     std::optional<std::size_t> item, bool again, const World& next,
                                     Scratch& scratch) const {
  World base = w;
  if (item && !again) inbox_[p].set(base, b_.minus(p, inbox_[p].get(w), *item));
  if (again && !any_duplication_) duplications_.set(base, duplications_.get(w) - 1);
  bool found = false;
  auto look = [&](const World& to, Label) { found = found || to == next; };
  const std::uint32_t split = split_.get(w);
  Expansion<decltype(look)> x{w, scratch, look, split == 0 ? 0 : b_.splits()[split]};
  act(x, p, base, rule, 0);
  return found;
}

/// What p does without a message.
template <int kWords>
template <class F>
void ProtocolModel<kWords>::by_itself(Expansion<F>& x, ProcessId p, bool timers_wait) const {
  const std::uint32_t l = local_[p].get(x.w);
  const Behaviour::Range range = b_.spontaneous(p, l);
  if (range.first == kUnknown) return x.gap({Gap::Kind::spontaneous, p, l});
  for (const Behaviour::Rule& r : b_.rules(range))
    if (!timers_wait || r.move != Move::timeout)
      act(x, p, x.w, r, label_of(r.move, p, &r, nullptr));
}

/// Deliveries to p, and what can befall the messages on their way.
template <int kWords>
template <class F>
void ProtocolModel<kWords>::receive(Expansion<F>& x, ProcessId p) const {
  const std::uint32_t l = local_[p].get(x.w), box = inbox_[p].get(x.w);
  const auto items = b_.items(p, box);
  if (items.empty()) return;
  const std::uint32_t losses = losses_.get(x.w), duplications = duplications_.get(x.w);
  const bool busy = (b_.facts(p, l) & Behaviour::busy) != 0;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::uint32_t number = b_.message_of(items[i]);
    const MessageName& name = b_.message(p, number);
    const std::uint32_t less = b_.minus(p, box, i);
    if (less == kUnknown) {
      x.gap({Gap::Kind::minus, p, box, static_cast<std::uint32_t>(i)});
      continue;
    }
    World without = x.w;
    inbox_[p].set(without, less);
    if ((losses != 0 || any_loss_) && !name.failure && !x.splits_only) {
      World next = without;
      if (!any_loss_) losses_.set(next, losses - 1);
      x.f(next, fault_label(Move::lose, p, 0, &name));
    }
    if (busy || !arrives(p, box, items[i])) continue;
    const Behaviour::Range range = b_.reactions(p, l, number);
    if (range.first == kUnknown) {
      x.gap({Gap::Kind::reaction, p, l, number});
      continue;
    }
    for (const Behaviour::Rule& r : b_.rules(range))
      act(x, p, without, r, label_of(r.move, p, &r, &name));
    if ((duplications == 0 && !any_duplication_) || name.failure) continue;
    World again = x.w;
    if (!any_duplication_) duplications_.set(again, duplications - 1);
    for (const Behaviour::Rule& r : b_.rules(range))
      if (!r.crashes) act(x, p, again, r, fault_label(Move::duplicate, p, 0, &name));
  }
}

/// The network parts, or is whole again. Messages under way between the sides are lost.
template <int kWords>
template <class F>
void ProtocolModel<kWords>::part(Expansion<F>& x) const {
  const std::uint32_t left = partitions_.get(x.w);
  if (x.split != 0) {
    World next = x.w;
    split_.set(next, 0);
    if (heals_) x.f(next, fault_label(Move::heal, 0, 0, nullptr));
    return;
  }
  if (left == 0) return;
  for (std::uint32_t s = 1; s < b_.splits().size(); ++s) {
    World next = x.w;
    partitions_.set(next, left - 1);
    split_.set(next, s);
    bool known = true;
    for (ProcessId p = 0; p < n_; ++p) {
      const std::uint32_t box = inbox_[p].get(next);
      const std::uint32_t rest = b_.beyond(p, box, s);
      if (rest == kUnknown) {
        x.gap({Gap::Kind::beyond, p, box, s});
        known = false;
      } else {
        inbox_[p].set(next, rest);
      }
    }
    if (known) x.f(next, fault_label(Move::part, 0, b_.splits()[s], nullptr));
  }
}

template <int kWords>
template <class F>
void ProtocolModel<kWords>::tick(Expansion<F>& x) const {
  World next = x.w;
  bool known = true;
  for (ProcessId p = 0; p < n_; ++p) {
    const std::uint32_t l = local_[p].get(next), box = inbox_[p].get(next);
    const std::uint32_t later = b_.local_ticked(p, l), closer = b_.ticked(p, box);
    if (later == kUnknown) x.gap({Gap::Kind::local_ticked, p, l});
    if (closer == kUnknown) x.gap({Gap::Kind::ticked, p, box});
    known = known && later != kUnknown && closer != kUnknown;
    if (!known) continue;
    local_[p].set(next, later);
    inbox_[p].set(next, closer);
  }
  if (known) x.f(next, fault_label(Move::tick, 0, 0, nullptr));
}

template <int kWords>
template <class F>
bool ProtocolModel<kWords>::successors(const World& w, Scratch& scratch, F&& f) const {
  if (b_.groups().empty()) return each_successor(w, scratch, f);
  bool known = true, splits = false;
  const auto folded = [&](World next, Label label) {
    if (canonicalise(next, scratch))
      f(next, label);
    else
      known = false;
  };
  bool all = moves(w, scratch, folded, false, splits);
  if (splits) all = splits_in_other_orders(w, scratch, folded) && all;
  return all && known;
}

template <int kWords>
template <class F>
bool ProtocolModel<kWords>::splits_in_other_orders(const World& w, Scratch& scratch, F& f) const {
  std::vector<World> orders{w};
  scratch.swaps.resize(b_.swaps().size());
  std::iota(scratch.swaps.begin(), scratch.swaps.end(), std::size_t{0});
  bool known = add_orders(orders, scratch), splits = false;
  // Names mean something else there: of several ways those of w itself come first.
  const auto last = [&](const World& next, Label label) { f(next, of_nobody(label)); };
  for (std::size_t i = 1; i < orders.size(); ++i)
    known = moves(orders[i], scratch, last, true, splits) && known;
  return known;
}

template <int kWords>
template <class F>
bool ProtocolModel<kWords>::each_successor(const World& w, Scratch& scratch, F&& f) const {
  bool splits = false;
  return moves(w, scratch, f, false, splits);
}

template <int kWords>
template <class F>
bool ProtocolModel<kWords>::moves(const World& w, Scratch& scratch, F& f, bool splits_only,
                                  bool& splits) const {
  const std::uint32_t split = split_.get(w);
  Expansion<F> x{w, scratch, f, split == 0 ? 0 : b_.splits()[split], splits_only};
  const bool clocked = timing_ != Timing::asynchronous;
  // At one instant, what arrives and is done comes before time-outs.
  const bool timers_wait = timing_ == Timing::timed && anything_due(w, Behaviour::pressing);
  // Everybody starts at the beginning, one after another, before anything else happens.
  const auto first_fresh = [&] {
    ProcessId p = 0;
    while (p < n_ && (b_.facts(p, local_[p].get(w)) & Behaviour::fresh) == 0) ++p;
    return p;
  };
  const ProcessId fresh = first_fresh();
  if (fresh < n_) by_itself(x, fresh, timers_wait);
  ProcessId first = 0, end = fresh == n_ ? n_ : ProcessId{0};
  if (b_.partial_order() && fresh == n_ && !splits_only && nothing_shared_is_left(w)) {
    const ProcessId alone = goes_first(x);
    if (!x.known) return false;
    if (alone < n_) first = alone, end = static_cast<ProcessId>(alone + 1);
  }
  for (ProcessId p = first; p < end; ++p) {
    by_itself(x, p, timers_wait);
    receive(x, p);
  }
  splits = x.splits;
  if (fresh < n_ || splits_only) return x.known;
  if (partitions_.get(w) != 0 || split != 0) part(x);
  if (clocked && !anything_due(w, Behaviour::due)) tick(x);
  return x.known;
}

template <int kWords>
Learned ProtocolModel<kWords>::learn(std::span<Scratch> scratches) {
  std::vector<Gap> gaps;
  for (Scratch& s : scratches) {
    gaps.insert(gaps.end(), s.gaps.begin(), s.gaps.end());
    s.gaps.clear();
  }
  std::sort(gaps.begin(), gaps.end());
  gaps.erase(std::unique(gaps.begin(), gaps.end()), gaps.end());
  for (const Gap& g : gaps) {
    worlds_.behaviour().fill(g);
    tables_full_ = b_.bytes() > most_table_bytes_;
    if (tables_full_) return Learned::limit;
  }
  if (worlds_.fits()) return Learned::more;
  before_ = worlds_.present().fields;
  const int words = worlds_.layout(kWords);
  if (words == 0) return Learned::limit;
  if (words != kWords) return Learned::wider;
  adopt();
  return Learned::moved;
}

template <int kWords>
auto ProtocolModel<kWords>::moved(const World& w) const -> World {
  World to{};
  for (std::size_t i = 0; i < before_.size(); ++i) worlds_.field(i).set(to, before_[i].get(w));
  return to;
}

}  // namespace indoubt
