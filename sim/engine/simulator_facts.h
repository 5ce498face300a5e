#pragma once
// What predicates see of a transaction, and what is noted for them on the way.
#include "sim/engine/simulator.h"

namespace indoubt {

/// The memory of one record makes this one comparison: most coordinators write the same one.
template <class Events>
inline void Simulator<Events>::note_record(Transaction& t, RecordWord record) {
  if (record != known_record_) {
    known_record_ = record;
    known_decision_ = decision_in(machine_.record_name(record));
  }
  if (t.record == Outcome::none) t.record = known_decision_;
}

template <class Events>
void Simulator<Events>::note_inquiry(Transaction& t, ProcessSlot& me, ProcessId p) {
  if (p == kCoordinator || p > participants_.size()) return;
  if (p != kCoordinator && troubled(t)) trouble(t).inquired = true;
  const std::uint32_t sent = ++records_.drawn(me).inquiries;
  std::uint32_t& most = records_.drawn(records_.slot(t, kCoordinator)).inquiries;
  most = std::max(most, sent);
}

/// Whether the numbers that are kept anyway say how a transaction stands: nobody is down or busy,
/// and no NO voter has to be told from those that have aborted.
template <class Events>
inline bool Simulator<Events>::counts_suffice(const Transaction& t, Ending ending) const {
  return ending == Ending::over && !troubled(t) && (t.no == 0 || t.committed == 0) &&
         scenario_.predicates.empty();
}

template <class Events>
inline Standing Simulator<Events>::counted(const Transaction& t) const {
  Standing s;
  s.participants = static_cast<std::uint32_t>(participants_.size());
  s.committed = s.committed_up = t.committed;
  s.aborted = t.aborted;
  s.aborted_up = std::max(t.aborted, t.no);
  s.learnt = static_cast<std::uint32_t>(t.committed + t.aborted);
  s.in_doubt = s.blocked = t.in_doubt;
  s.yes = t.yes;
  s.coordinator = t.coordinator;
  s.record = t.record;
  s.aborted_freely = t.first == Outcome::abort;
  s.reversed = has_violated(t, Property::stability);
  return s;
}

/// The decision that a process knows. Its state says so too where a force holds it up; one that
/// decided alone has learnt only what its state says.
template <class Events>
Outcome Simulator<Events>::learnt_by(ProcessSlot& slot) const {
  if (!slot.learnt) return Outcome::none;
  if (slot.decided != Outcome::none && !slot.heuristic) return slot.decided;
  return machine_.outcome(records_.state(slot));
}

/// Valid until the next call.
template <class Events>
Facts Simulator<Events>::facts_of(Transaction& t, Ending ending) {
  for (ProcessId p = 0; p < processes_; ++p) {
    ProcessSlot& slot = records_.slot(t, p);
    ProcessFacts& facts = people_[p];
    facts.decision = slot.decided;
    facts.reversed = slot.reversed;
    facts.learnt = learnt_by(slot);
    facts.voted = slot.reader      ? Voted::read
                  : slot.voted_yes ? Voted::yes
                  : slot.voted_no  ? Voted::no
                                   : Voted::nothing;
    facts.up = !troubled(t) || site(p).up;
    facts.in_doubt = slot.in_doubt_since != ProcessSlot::kNotInDoubt;
    const bool noted = troubled(t) || ending == Ending::horizon;
    facts.blocked = facts.in_doubt && (!noted || slot.blocked);
    facts.state = facts.up ? machine_.state_name(records_.state(slot)) : std::string_view();
  }
  return {people_, static_cast<std::uint16_t>(participants_.size()), t.record,
          machine_.takes_read_only};
}

}  // namespace indoubt
