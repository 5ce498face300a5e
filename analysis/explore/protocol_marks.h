#pragma once
// What is judged of a world; included by protocol_model.h.
#include <array>

#include "analysis/explore/protocol_model.h"

namespace indoubt {

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

}  // namespace indoubt
