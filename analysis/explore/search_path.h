#pragma once
#include <algorithm>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "analysis/explore/level_search.h"
#include "analysis/explore/search_model.h"
#include "analysis/explore/search_result.h"
#include "analysis/explore/world_set.h"

namespace indoubt {

template <class World>
struct PathStep {
  Label label;
  World world;  ///< after the step
};

/// A shortest path from the initial world.
template <class World>
struct Path {
  /// Stop::complete: the path is there. Otherwise the bound that kept it from being found.
  Stop stop = Stop::complete;
  World initial{};
  std::vector<PathStep<World>> steps;
};

/// Finds, of the shortest paths from the initial world to a target, one whose labels, read from the
/// start, are least. If a label leads to several worlds, the path is the one whose worlds, read
/// from the end, are least.
///
/// 1. Backwards from the last level: which worlds of a level have a step to such a world of the
/// next
///    level, or to a target? No edges are stored; successors are generated again.
/// 2. Forwards from the initial world: all worlds that the least labels so far lead to.
template <SearchModel M>
class PathFinder {
 public:
  using World = typename M::World;
  using Scratch = typename detail::ScratchOf<M>::type;
  using Target = std::function<bool(const World&)>;

  PathFinder(const M& model, SearchWorkers& workers, std::vector<Scratch>& scratches)
      : model_(model), workers_(workers), scratches_(scratches) {}

  /// Requires the levels 0 to depth - 1, and a world at `depth` for which target(w) holds, but none
  /// at a smaller depth. In level depth - 1 some successors may be unknown, where a bound ended the
  /// search in it: then the path is the least of those that are known. `target` is called by
  /// several threads. May use `memory_bytes` beside the levels; with release_levels it frees each
  /// level that it has read.
  Path<World> find(std::vector<Level<World>>& levels, int depth, std::uint64_t memory_bytes,
                   const Target& target, bool release_levels) {
    leading_.clear();
    used_ = 0;
    const auto steps = static_cast<std::size_t>(depth);
    for (std::size_t left = 0; left < steps; ++left) {
      Level<World>& level = levels[steps - 1 - left];
      if (!find_leading(level, memory_bytes, target)) return {Stop::memory, model_.initial(), {}};
      if (release_levels) level = Level<World>{};
    }
    return follow(steps, target);
  }

 private:
  /// A world that the least labels lead to, and which of the worlds before it led there.
  struct Reached {
    World world;
    std::size_t from;
  };

  /// Adds the set of the level's worlds that lead to the last added set, or to a target.
  bool find_leading(Level<World>& level, std::uint64_t memory_bytes, const Target& target) {
    std::vector<std::vector<World>> found(scratches_.size());
    std::atomic<std::size_t> taken{0};
    const auto job = [&](int number) {
      const auto i = static_cast<std::size_t>(number);
      for (std::size_t b; (b = taken.fetch_add(1)) < level.blocks().size();)
        for (std::uint32_t k = 0; k < level.blocks()[b].end; ++k)
          if (leads(level.blocks()[b].worlds[k], scratches_[i], target))
            found[i].push_back(level.blocks()[b].worlds[k]);
    };
    if (level.blocks().size() > 2)
      workers_.run(job);
    else
      job(0);
    return store(found, memory_bytes);
  }

  /// All successors of a path go through one such function: the code that generates them is large,
  /// and one more copy for each place that asks would take longer to compile than it ever saves.
  using Visit = std::function<void(const World&, Label)>;

  bool leads(const World& w, Scratch& scratch, const Target& target) const {
    bool found = false;
    const auto look = [&](const World& next, Label) {
      found = found || (leading_.empty() ? target(next) : leading_.back().contains(next));
    };
    const bool known = detail::expand(model_, w, scratch, Visit(std::ref(look)));
    INDOUBT_ASSERT(known || leading_.empty());  // the search has expanded all levels but the last
    return found;
  }

  bool store(const std::vector<std::vector<World>>& found, std::uint64_t memory_bytes) {
    std::size_t count = 0;
    for (const auto& part : found) count += part.size();
    const std::size_t slots = std::bit_ceil(2 * count + 2);
    used_ += WorldSet<World>::bytes_of(slots);
    if (used_ > memory_bytes) return false;
    leading_.emplace_back(slots);
    if (!leading_.back().valid()) return false;
    for (const auto& part : found)
      for (const World& w : part) leading_.back().insert(w, leading_.back().place(w));
    return true;
  }

  Path<World> follow(std::size_t steps, const Target& target) {
    std::vector<std::vector<Reached>> reached{{{model_.initial(), 0}}};
    std::vector<Label> labels;
    for (std::size_t step = 1; step <= steps; ++step) {
      std::vector<Reached> next;
      labels.push_back(least_steps(reached.back(), next, [&](const World& w) {
        return step < steps ? leading_[steps - 1 - step].contains(w) : target(w);
      }));
      reached.push_back(std::move(next));
    }
    Path<World> path{Stop::complete, model_.initial(), std::vector<PathStep<World>>(steps)};
    for (std::size_t step = steps, i = 0; step > 0; --step) {
      path.steps[step - 1] = {labels[step - 1], reached[step][i].world};
      i = reached[step][i].from;
    }
    return path;
  }

  /// The least label of a step from one of `from` to a world that is `good`, and in `next` all
  /// worlds that it leads to, in order, each once.
  Label least_steps(const std::vector<Reached>& from, std::vector<Reached>& next,
                    const Target& good) {
    std::optional<Label> least;
    for (std::size_t i = 0; i < from.size(); ++i) {
      const auto take = [&](const World& to, Label label) {
        if ((least && label > *least) || !good(to)) return;
        if (!least || label < *least) next.clear();
        least = label;
        next.push_back({to, i});
      };
      detail::expand(model_, from[i].world, scratches_[0], Visit(std::ref(take)));
    }
    INDOUBT_ASSERT(least);
    std::stable_sort(next.begin(), next.end(),
                     [](const Reached& a, const Reached& b) { return a.world < b.world; });
    const auto same = [](const Reached& a, const Reached& b) { return a.world == b.world; };
    next.erase(std::unique(next.begin(), next.end(), same), next.end());
    return *least;
  }

  const M& model_;
  SearchWorkers& workers_;
  std::vector<Scratch>& scratches_;
  std::vector<WorldSet<World>> leading_;  ///< [k]: worlds at depth - 1 - k that lead to a target
  std::uint64_t used_ = 0;
};

}  // namespace indoubt
