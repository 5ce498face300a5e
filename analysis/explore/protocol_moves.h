#pragma once
// The moves of a world; included by protocol_model.h.
#include <algorithm>
#include <array>
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

/// Other processes at the site of one that crashes go down with it.
template <int kWords>
template <class F>
bool ProtocolModel<kWords>::bring_down_fellows(Expansion<F>& x, ProcessId p, World& next) const {
  for (const ProcessId q : fellows_[p]) {
    const std::uint32_t l = local_[q].get(next);
    if ((b_.facts(q, l) & (Behaviour::up | Behaviour::fresh)) == 0) continue;
    const Behaviour::Range range = b_.spontaneous(q, l);
    if (range.first == kUnknown) {
      x.gap({Gap::Kind::spontaneous, q, l});
      return false;
    }
    // The first crash of a process takes all its unforced records, as the common log loses them.
    for (const Behaviour::Rule& r : b_.rules(range))
      if (r.move == Move::crash && r.variant == 0) local_[q].set(next, r.next);
    if (!recovers_) inbox_[q].set(next, 0);
    if (!drop_dead(x, q, next)) return false;
  }
  return true;
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
    if (!fellows_[p].empty() && !bring_down_fellows(x, p, next)) return;
  }
  if (!drop_dead(x, p, next)) return;
  for (const Behaviour::Send& s : b_.sends(rule)) {
    if (x.split != 0 && !Behaviour::same_side(x.split, p, s.to)) continue;
    if (!recovers_ && dead(next, s.to)) continue;
    const std::uint32_t row = b_.dead_row(s.to, local_[s.to].get(next));
    if (row != 0 && b_.dead(s.to, row, b_.message_of(s.item))) continue;
    const std::uint32_t box = inbox_[s.to].get(next);
    const std::uint32_t more = b_.plus(s.to, box, s.item);
    if (more == kUnknown) return x.gap({Gap::Kind::plus, s.to, box, s.item});
    inbox_[s.to].set(next, more);
  }
  x.f(next, label);
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
  bool known = add_orders(orders, 0, b_.swaps().size(), scratch), splits = false;
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

/// Nothing that the moves of two processes would both use up or depend on.
template <int kWords>
bool ProtocolModel<kWords>::nothing_shared_is_left(const World& w) const {
  const std::uint32_t faults =
      crashes_.get(w) | losses_.get(w) | duplications_.get(w) | partitions_.get(w);
  return faults == 0 && !any_duplication_ && (split_.get(w) == 0 || !heals_);
}

/// The first process that may move before all others; n_: none may.
template <int kWords>
template <class F>
ProcessId ProtocolModel<kWords>::goes_first(Expansion<F>& x) const {
  for (ProcessId p = 0; p < n_; ++p) {
    const std::uint32_t l = local_[p].get(x.w);
    if ((b_.facts(p, l) & Behaviour::up) == 0) continue;
    bool disturbed = false;
    for (ProcessId q = 0; q < n_ && !disturbed; ++q)
      disturbed = q != p && b_.disturbs(q, local_[q].get(x.w), inbox_[q].get(x.w), p, l);
    if (!disturbed && moves_go_first(x, p)) return p;
    if (!x.known) break;
  }
  return n_;
}

/// Whether all that p can do now may be done first, as far as p is concerned.
template <int kWords>
template <class F>
bool ProtocolModel<kWords>::moves_go_first(Expansion<F>& x, ProcessId p) const {
  const std::uint32_t l = local_[p].get(x.w), box = inbox_[p].get(x.w);
  bool acts = false;
  const auto add = [&](const Behaviour::Range& range) {
    acts = acts || range.acts;
    return range.goes_first && !sends_again(x.w, range);
  };
  const Behaviour::Range alone = b_.spontaneous(p, l);
  if (alone.first == kUnknown) x.gap({Gap::Kind::spontaneous, p, l});
  if (!x.known || !add(alone)) return false;
  if ((b_.facts(p, l) & Behaviour::busy) != 0) return acts;
  for (const std::uint32_t item : b_.items(p, box)) {
    const std::uint32_t number = b_.message_of(item);
    const Behaviour::Range range = b_.reactions(p, l, number);
    if (range.first == kUnknown) x.gap({Gap::Kind::reaction, p, l, number});
    if (!x.known || !add(range)) return false;
  }
  return acts;
}

/// Whether one of these moves sends what is on its way already: one message then, and two later.
template <int kWords>
bool ProtocolModel<kWords>::sends_again(const World& w, const Behaviour::Range& range) const {
  for (const Behaviour::Rule& r : b_.rules(range))
    for (const Behaviour::Send& s : b_.sends(r))
      if (b_.has_item(s.to, inbox_[s.to].get(w), s.item)) return true;
  return false;
}

template <int kWords>
std::uint32_t ProtocolModel<kWords>::judged(const World& w) const {
  std::array<ProcessFacts, kMostExplored> processes;
  for (ProcessId p = 0; p < n_; ++p) processes[p] = b_.process_facts(p, local_[p].get(w));
  const auto participants = static_cast<std::uint16_t>(b_.machine().group.participants);
  const Facts facts{{processes.data(), n_},
                    participants,
                    b_.recorded(kCoordinator, local_[kCoordinator].get(w)),
                    b_.machine().takes_read_only};
  const Standing standing = standing_of(facts);
  std::uint32_t marks = 0;
  for (std::size_t k = 0; k < predicates_.size(); ++k)
    if (predicates_[k](facts, standing)) marks |= std::uint32_t{1} << (mark::kFirstPredicate + k);
  return marks;
}

template <int kWords>
std::uint32_t ProtocolModel<kWords>::own_marks(const World& w) const {
  using B = Behaviour;
  std::uint32_t any = 0, votes = B::in_favour, up = B::up | B::fresh;
  bool whole = split_.get(w) == 0;
  for (ProcessId p = 0; p < n_; ++p) {
    const std::uint32_t facts = b_.facts(p, local_[p].get(w));
    any |= facts;
    votes &= facts;
    whole = whole && (facts & up) != 0;
  }
  const auto mark = [](int k, bool holds) { return static_cast<std::uint32_t>(holds) << k; };
  const bool commit = (any & B::committed) != 0, abort = (any & (B::aborted | B::refused)) != 0;
  return mark(mark::kAgreement, commit && abort) |
         mark(mark::kStability, (any & B::reversed) != 0 && (any & B::wrote) != 0) |
         mark(mark::kValidity, commit && votes == 0) |
         mark(mark::kAllDecided, (any & B::owes) == 0) | mark(mark::kWhole, whole) |
         mark(mark::kCommitted, commit) | mark(mark::kAborted, abort) |
         mark(mark::kFavour, votes != 0);
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
