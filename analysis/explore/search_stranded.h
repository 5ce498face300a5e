#pragma once
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "analysis/explore/level_search.h"
#include "analysis/explore/search_model.h"
#include "analysis/explore/world_bits.h"

namespace indoubt {

/// Finds the visited worlds from which a goal can still be reached, by steps with allowed labels.
///
/// One bit a slot of the set of visited worlds says "can reach the goal"; no edges are stored.
/// Passes over all levels, the last one first, generate the successors of the worlds without the
/// bit, until a pass sets none. A protocol that mostly moves on needs few passes; a step back costs
/// one more.
template <SearchModel M>
class GoalReach {
 public:
  using World = typename M::World;

  /// The search must be complete, with its levels kept. goal(w) and allowed(label) are called by
  /// several threads.
  template <class Goal, class Allowed>
  GoalReach(const M& model, LevelSearch<M>& search, SearchWorkers& workers, const Goal& goal,
            const Allowed& allowed)
      : model_(model),
        search_(search),
        workers_(workers),
        reaches_(search.visited().with_set([](const auto& set) { return set.slots(); })),
        next_(search.scratches().size()) {
    if (!valid()) return;
    pass([&](const World& w, std::size_t) { return goal(w); });
    const auto steps_there = [&](const World& w, std::size_t thread) {
      return step_reaches(w, thread, allowed);
    };
    while (pass(steps_there)) {
    }
  }

  static std::uint64_t bytes_for(LevelSearch<M>& search) {
    return SharedBits::bytes_of(
        search.visited().with_set([](const auto& set) { return set.slots(); }));
  }
  /// False if the system gave no memory; nothing else may be called then.
  bool valid() const { return reaches_.valid(); }

  /// Requires a visited world.
  bool reaches(const World& w) const { return reaches_.test(slot_of(w)); }

 private:
  /// Sets the bit of each world without it for which test(w, number of the thread) holds; true if
  /// there was one.
  template <class Test>
  bool pass(const Test& test) {
    bool any = false;
    auto& levels = search_.levels();
    for (std::size_t i = levels.size(); i-- > 0;) any |= pass_level(levels[i], test);
    return any;
  }

  template <class Test>
  bool pass_level(Level<World>& level, const Test& test) {
    std::atomic<std::size_t> taken{0};
    std::atomic<bool> any{false};
    const auto job = [&](int number) {
      const auto thread = static_cast<std::size_t>(number);
      for (std::size_t b; (b = taken.fetch_add(1)) < level.blocks().size();)
        if (pass_block(level.blocks()[b], thread, test)) any.store(true, std::memory_order_relaxed);
    };
    if (level.blocks().size() > 2)
      workers_.run(job);
    else
      job(0);
    return any.load();
  }

  template <class Test>
  bool pass_block(const WorldBlock<World>& block, std::size_t thread, const Test& test) {
    bool any = false;
    for (std::uint32_t i = 0; i < block.end; ++i) {
      if (i + kAhead < block.end) prefetch(block.worlds[i + kAhead]);
      const World& w = block.worlds[i];
      const std::size_t slot = slot_of(w);
      if (!reaches_.test(slot) && test(w, thread)) any |= reaches_.set(slot);
    }
    return any;
  }

  template <class Allowed>
  bool step_reaches(const World& w, std::size_t thread, const Allowed& allowed) {
    std::vector<World>& next = next_[thread];
    next.clear();
    const bool known =
        detail::expand(model_, w, search_.scratches()[thread], [&](const World& to, Label label) {
          if (!allowed(label) || to == w) return;
          prefetch(to);
          next.push_back(to);
        });
    INDOUBT_ASSERT(known);  // the search has expanded w before
    for (const World& to : next)
      if (reaches(to)) return true;
    return false;
  }

  void prefetch(const World& w) const {
    search_.visited().with_set([&](const auto& set) { set.prefetch(set.place(w)); });
  }
  std::size_t slot_of(const World& w) const {
    const auto slot = search_.visited().with_set([&](const auto& set) { return set.find(w); });
    INDOUBT_ASSERT(slot);
    return *slot;
  }

  static constexpr std::uint32_t kAhead = 8;  // worlds whose slots are being fetched

  const M& model_;
  LevelSearch<M>& search_;
  SearchWorkers& workers_;
  SharedBits reaches_;
  std::vector<std::vector<World>> next_;  ///< successors, of each thread
};

}  // namespace indoubt
