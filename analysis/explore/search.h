#pragma once
#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "analysis/explore/level_search.h"
#include "analysis/explore/search_model.h"
#include "analysis/explore/search_path.h"
#include "analysis/explore/search_result.h"
#include "analysis/explore/search_stranded.h"

namespace indoubt {

/// What Search::stranded() found.
template <class World>
struct Stranded {
  /// Stop::complete: the answer is about all worlds. Otherwise there is none, for this reason.
  Stop stop = Stop::complete;
  std::uint64_t worlds = 0;  ///< how many worlds are stranded
  int depth = -1;            ///< fewest steps to one; -1: there is none
  Path<World> path;          ///< to one at that depth; has a `stop` of its own
};

/// Exact breadth-first search of the worlds of a model: every world that is reachable within the
/// bounds is visited once. Memory: sizeof(World) bytes for each slot of a table that is filled to
/// at most 7/8, and for each world of two levels; no edges and no parents.
///
/// Errors: a bound that is reached is a value (Stop). Requirements that are not met are assertions.
template <SearchModel M>
class Search {
 public:
  using World = typename M::World;

  /// The model must outlive the search. Requires bounds.threads >= 1.
  Search(M& model, const Bounds& bounds)
      : model_(model), bounds_(bounds), workers_(bounds.threads) {}

  /// Visits the worlds. Breadth first, so that what is met first is met after fewest steps.
  SearchResult run(const Goals& goals, ProgressReport report = {}) {
    search_.reset();
    clock_ = std::make_unique<SearchClock>(bounds_.seconds, std::move(report));
    search_ =
        std::make_unique<LevelSearch<M>>(model_, bounds_, goals.keep_levels, workers_, *clock_);
    kept_ = goals.keep_levels;
    const Stop stop = visit_levels(goals);
    result_ = search_->result();
    result_.stop = stop;
    return result_;
  }

  /// A shortest path to a world with the mark, the same for any number of threads. Requires run(),
  /// and that it met the mark. Unless the levels were kept, searches again and keeps them up to the
  /// world before the last; then the set of visited worlds of run() is given up first.
  Path<World> path_to(int mark) {
    const int depth = result_.marks[static_cast<std::size_t>(mark)].depth;
    INDOUBT_ASSERT(depth >= 0);
    return path(depth, [&](const World& w) { return detail::has_mark(model_, w, mark); });
  }

  /// For each question, the visited worlds that it is asked of and from which its goal cannot be
  /// reached: "eventually goal" fails there, whatever fairness is assumed of the allowed steps.
  /// Requires run() with keep_levels. Needs a byte for each slot of the set of visited worlds, or
  /// less where memory is short, and then more passes.
  template <ReachQuestions<World> Q>
  std::vector<Stranded<World>> stranded(const Q& questions) {
    INDOUBT_ASSERT(kept_);
    std::vector<Stranded<World>> found(static_cast<std::size_t>(questions.count()));
    const bool unknown = incomplete(result_.stop) || !search_->done();
    for (int first = 0, width = 0; first < questions.count(); first += width - 1) {
      width = unknown ? 0 : width_for(questions.count() - first);
      const Stop stop = unknown      ? result_.stop
                        : width == 0 ? Stop::memory
                                     : answer(questions, first, width, found);
      if (stop == Stop::complete) continue;
      for (auto s = found.begin() + first; s != found.end(); ++s) s->stop = stop;
      break;
    }
    return found;
  }

  /// The same for one question: of the worlds with the mark `from`, those from which no world with
  /// the mark `goal` can be reached by steps with allowed(label).
  template <class Allowed>
  Stranded<World> stranded(int goal, int from, const Allowed& allowed) {
    const auto marked = [this](int mark) {
      return [this, mark](const World& w) { return detail::has_mark(model_, w, mark); };
    };
    return stranded(ReachQuestion(marked(from), marked(goal), allowed)).front();
  }

 private:
  Stop visit_levels(const Goals& goals) {
    for (;;) {
      if (goals.stop_at_violation && violated(goals)) return Stop::violation;
      if (search_->done()) return Stop::complete;
      if (search_->depth() >= bounds_.depth) return Stop::depth;
      if (!search_->advance())
        return goals.stop_at_violation && violated(goals) ? Stop::violation
                                                          : search_->result().stop;
    }
  }
  bool violated(const Goals& goals) const {
    for (std::size_t k = 0; k < kMarks; ++k)
      if ((goals.violations >> k & 1) != 0 && search_->result().marks[k].depth >= 0) return true;
    return false;
  }

  using Target = typename PathFinder<M>::Target;

  Path<World> path(int depth, const Target& target) {
    if (kept_) {
      // Nothing else may be asked of an incomplete search: what bound it has leaves memory so.
      if (incomplete(result_.stop)) search_->forget_visited();
      return path_in(*search_, depth, target, false);
    }
    search_.reset();
    SearchClock clock(bounds_.seconds, {});
    LevelSearch<M> again(model_, bounds_, true, workers_, clock);
    while (again.depth() + 1 < depth)
      if (!again.advance()) return {again.result().stop, model_.initial(), {}};
    again.forget_visited();
    return path_in(again, depth, target, true);
  }
  Path<World> path_in(LevelSearch<M>& search, int depth, const Target& target, bool release) {
    if (incomplete(result_.stop)) {
      const Stop refitted = search.refit_levels();
      if (refitted != Stop::complete) return {refitted, model_.initial(), {}};
    }
    PathFinder<M> finder(model_, workers_, search.scratches());
    return finder.find(search.levels(), depth, spare_memory(search), target, release);
  }

  /// Bytes that the bound leaves beside the set and the kept levels.
  std::uint64_t spare_memory(const LevelSearch<M>& search) const {
    return bounds_.memory_bytes - std::min(search.memory_bytes(), bounds_.memory_bytes);
  }

  /// Bits a world for `left` questions, or for as many of them as memory allows; 0: for none.
  int width_for(int left) const {
    int width = SharedMarks::kMost;
    while (width > 2 && width / 2 > left) width /= 2;
    while (width > 1 && SharedMarks::bytes_of(search_->slots(), width) > spare_memory(*search_))
      width /= 2;
    return width > 1 ? width : 0;
  }

  template <class Q>
  Stop answer(const Q& questions, int first, int width, std::vector<Stranded<World>>& found) {
    const GoalReach<M, Q> reach(model_, *search_, workers_, questions, first, width);
    if (!reach.valid()) return Stop::memory;
    if (reach.stop() != Stop::complete) return reach.stop();
    count(reach, first, found);
    for (std::size_t k = 0; k + 1 < static_cast<std::size_t>(width); ++k) {
      const std::size_t i = static_cast<std::size_t>(first) + k;
      if (i < found.size() && found[i].worlds > 0)
        found[i].path =
            path(found[i].depth, [&](const World& w) { return (reach.stranded(w) >> k & 1) != 0; });
    }
    return Stop::complete;
  }

  template <class Reach>
  void count(const Reach& reach, int first, std::vector<Stranded<World>>& found) {
    auto& levels = search_->levels();
    for (std::size_t depth = 0; depth < levels.size(); ++depth)
      levels[depth].for_each([&](const World& w) {
        for (auto left = reach.stranded(w); left != 0; left &= left - 1) {
          auto& one = found[static_cast<std::size_t>(first + std::countr_zero(left))];
          ++one.worlds;
          if (one.depth < 0) one.depth = static_cast<int>(depth);
        }
      });
  }

  M& model_;
  Bounds bounds_;
  SearchWorkers workers_;
  std::unique_ptr<SearchClock> clock_;
  std::unique_ptr<LevelSearch<M>> search_;
  bool kept_ = false;
  SearchResult result_;
};

}  // namespace indoubt
