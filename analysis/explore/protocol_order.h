#pragma once
// Who may move before all others (independence.h); included by protocol_model.h.
#include "analysis/explore/protocol_model.h"

namespace indoubt {

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

}  // namespace indoubt
