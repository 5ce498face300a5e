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
  using Scratch = typename detail::ScratchOf<M>::type;

  /// The search must be complete, with its levels kept. goal(w) and allowed(label) are called by
  /// several threads.
  template <class Goal, class Allowed>
  GoalReach(const M& model, LevelSearch<M>& search, SearchWorkers& workers, const Goal& goal,
            const Allowed& allowed)
      : model_(model),
        search_(search),
        workers_(workers),
        reaches_(search.visited().with_set([](const auto& set) { return set.slots(); })) {
    if (!valid()) return;
    pass([&](const World& w, Scratch&) { return goal(w); });
    while (
        pass([&](const World& w, Scratch& scratch) { return step_reaches(w, scratch, allowed); })) {
    }
  }

  static std::uint64_t bytes_for(LevelSearch<M>& search) {
    return SharedBits::bytes_of(
        search.visited().with_set([](const auto& set) { return set.slots(); }));
  }
  /// False if the system gave no memory; nothing else may be called then.
  bool valid() const { return reaches_.valid(); }

  /// Requires a visited world.
  bool reaches(const World& w) const {
    const auto slot = search_.visited().with_set([&](const auto& set) { return set.find(w); });
    INDOUBT_ASSERT(slot);
    return reaches_.test(*slot);
  }

 private:
  /// Sets the bit of each world without it for which test(w, scratch) holds; true if there was one.
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
      Scratch& scratch = search_.scratches()[static_cast<std::size_t>(number)];
      for (std::size_t b; (b = taken.fetch_add(1)) < level.blocks().size();)
        if (pass_block(level.blocks()[b], scratch, test))
          any.store(true, std::memory_order_relaxed);
    };
    if (level.blocks().size() > 2)
      workers_.run(job);
    else
      job(0);
    return any.load();
  }

  template <class Test>
  bool pass_block(const WorldBlock<World>& block, Scratch& scratch, const Test& test) {
    bool any = false;
    for (std::uint32_t i = 0; i < block.end; ++i) {
      const World& w = block.worlds[i];
      const std::size_t slot =
          *search_.visited().with_set([&](const auto& set) { return set.find(w); });
      if (!reaches_.test(slot) && test(w, scratch)) any |= reaches_.set(slot);
    }
    return any;
  }

  template <class Allowed>
  bool step_reaches(const World& w, Scratch& scratch, const Allowed& allowed) const {
    bool found = false;
    const bool known = detail::expand(model_, w, scratch, [&](const World& next, Label label) {
      found = found || (allowed(label) && next != w && reaches(next));
    });
    INDOUBT_ASSERT(known);  // the search has expanded w before
    return found;
  }

  const M& model_;
  LevelSearch<M>& search_;
  SearchWorkers& workers_;
  SharedBits reaches_;
};

}  // namespace indoubt
