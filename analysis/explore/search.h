#pragma once
#include <memory>
#include <utility>

#include "analysis/explore/level_search.h"
#include "analysis/explore/search_model.h"
#include "analysis/explore/search_result.h"

namespace indoubt {

/// Exact breadth-first search of the worlds of a model.
template <SearchModel M>
class Search {
 public:
  using World = typename M::World;

  /// The model must outlive the search. Requires bounds.threads >= 1.
  Search(M& model, const Bounds& bounds)
      : model_(model), bounds_(bounds), workers_(bounds.threads) {}

  /// Visits the worlds that are reachable within the bounds.
  SearchResult run(const Goals& goals, ProgressReport report = {}) {
    SearchClock clock(bounds_.seconds, std::move(report));
    levels_ = std::make_unique<LevelSearch<M>>(model_, bounds_, goals.keep_levels, workers_, clock);
    const Stop stop = visit_levels(goals);
    result_ = levels_->result();
    result_.stop = stop;
    return result_;
  }

 private:
  Stop visit_levels(const Goals& goals) {
    for (;;) {
      if (goals.stop_at_violation && violated(goals)) return Stop::violation;
      if (levels_->done()) return Stop::complete;
      if (levels_->depth() >= bounds_.depth) return Stop::depth;
      if (!levels_->advance())
        return goals.stop_at_violation && violated(goals) ? Stop::violation
                                                          : levels_->result().stop;
    }
  }
  bool violated(const Goals& goals) const {
    for (std::size_t k = 0; k < kMarks; ++k)
      if ((goals.violations >> k & 1) != 0 && levels_->result().marks[k].depth >= 0) return true;
    return false;
  }

  M& model_;
  Bounds bounds_;
  SearchWorkers workers_;
  std::unique_ptr<LevelSearch<M>> levels_;
  SearchResult result_;
};

}  // namespace indoubt
