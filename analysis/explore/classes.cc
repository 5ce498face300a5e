#include "analysis/explore/classes.h"

#include <algorithm>

namespace indoubt {
namespace {

using B = Behaviour;

std::uint64_t label(const B::Rule& r) {
  return static_cast<std::uint64_t>(r.move) << 48 | static_cast<std::uint64_t>(r.crashes) << 40 |
         static_cast<std::uint64_t>(r.detail) << 32 | static_cast<std::uint64_t>(r.variant) << 16 |
         static_cast<std::uint16_t>(r.cut);
}

}  // namespace

Classes::Classes(const B& behaviour, ProcessId p, SearchClock& clock)
    : b_(behaviour), p_(p), of_(behaviour.locals(p)) {
  refine([&](std::uint32_t l) { return judged(l); }, clock);
  for (std::uint32_t before = 0; before != count_ && valid_;) {
    before = count_;
    refine([&](std::uint32_t l) { return moves(l); }, clock);
  }
}

/// Splits classes by what `look` sees of their members; if the clock ends it, nothing is split.
template <class Look>
void Classes::refine(const Look& look, SearchClock& clock) {
  std::map<std::pair<std::uint32_t, Words>, std::uint32_t> number;
  std::vector<std::uint32_t> next;
  for (std::uint32_t l = 0; l < of_.size(); ++l) {
    if (clock.ends()) {
      valid_ = false;
      return;
    }
    const auto fresh = static_cast<std::uint32_t>(number.size());
    next.push_back(number.emplace(std::pair(of_[l], look(l)), fresh).first->second);
  }
  of_ = std::move(next);
  count_ = static_cast<std::uint32_t>(number.size());
}

Classes::Words Classes::judged(std::uint32_t l) {
  const ProcessFacts& f = b_.process_facts(p_, l);
  const auto name = state_number_.emplace(f.state, state_number_.size()).first->second;
  return {b_.facts(p_, l),
          name,
          static_cast<std::uint64_t>(b_.recorded(p_, l)),
          static_cast<std::uint64_t>(f.decision),
          static_cast<std::uint64_t>(f.learnt),
          static_cast<std::uint64_t>(f.voted),
          static_cast<std::uint64_t>(f.up) | static_cast<std::uint64_t>(f.in_doubt) << 1 |
              static_cast<std::uint64_t>(f.reversed) << 2};
}

/// What it can do: for each input the labels, messages and classes that come of it.
Classes::Words Classes::moves(std::uint32_t l) {
  constexpr std::uint64_t kAlone = ~std::uint64_t{0}, kTick = kAlone - 1;
  Words all;
  add_moves(l, b_.spontaneous(p_, l), kAlone, all);
  for (std::uint32_t m = 0; m < b_.messages(p_); ++m) add_moves(l, b_.reactions(p_, l, m), m, all);
  const std::uint32_t later = b_.local_ticked(p_, l);
  if (later != B::kUnknown) all.insert(all.end(), {kTick, of_[later]});
  return all;
}

void Classes::add_moves(std::uint32_t l, B::Range range, std::uint64_t input, Words& all) {
  std::vector<std::array<std::uint64_t, 3>> found;
  for (const B::Rule& r : b_.rules(range))
    if (!inert(l, r)) found.push_back({label(r), sends(r), of_[r.next]});
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  if (found.empty() && !range.cut) return;
  all.insert(all.end(), {input, range.cut, found.size()});
  for (const auto& move : found) all.insert(all.end(), move.begin(), move.end());
}

std::uint64_t Classes::sends(const B::Rule& r) {
  Words list;
  for (const B::Send& s : b_.sends(r))
    list.push_back(static_cast<std::uint64_t>(s.to) << 32 | s.item);
  std::sort(list.begin(), list.end());
  return sends_number_.emplace(std::move(list), sends_number_.size()).first->second;
}

}  // namespace indoubt
