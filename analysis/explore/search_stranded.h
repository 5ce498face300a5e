#pragma once
#include <atomic>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "analysis/explore/level_search.h"
#include "analysis/explore/search_model.h"
#include "analysis/explore/shared_marks.h"

namespace indoubt {

/// Questions of the form "from every world of some sort, can a goal still be reached?". In the
/// masks bit k is question k.
///
/// * `count()` of them, at most 64.
/// * `from(w)`: which ask this of w; `goal(w)`: whose goal w is.
/// * `allowed(label)`: whose ways may use such a step.
///
/// All are const and called by several threads at once.
template <class Q, class World>
concept ReachQuestions = requires(const Q& questions, const World& w, Label label) {
  { questions.count() } -> std::same_as<int>;
  { questions.from(w) } -> std::same_as<std::uint64_t>;
  { questions.goal(w) } -> std::same_as<std::uint64_t>;
  { questions.allowed(label) } -> std::same_as<std::uint64_t>;
};

/// Finds for the visited worlds which goals can still be reached.
///
/// A few bits a slot of the set of visited worlds say which; no edges are stored. Passes over all
/// levels, the last one first, generate the successors of the worlds that lack a bit, until a pass
/// sets none. A protocol that mostly moves on needs few passes; a step back costs one more.
template <SearchModel M, ReachQuestions<typename M::World> Q>
class GoalReach {
 public:
  using World = typename M::World;
  using Marks = SharedMarks::Marks;

  /// Answers the questions from `first` on, as many as `width` (1, 2, 4 or 8) allows. The search
  /// must be complete, with its levels kept.
  GoalReach(const M& model, LevelSearch<M>& search, SearchWorkers& workers, const Q& questions,
            int first, int width)
      : model_(model),
        search_(search),
        workers_(workers),
        questions_(questions),
        first_(first),
        reached_(search.slots(), width),
        next_(search.scratches().size()) {
    if (!valid()) return;
    const int left = questions.count() - first;
    asked_ = left < width ? (Marks{1} << left) - 1 : reached_.all();
    pass([&](const World& w) { return mine(questions_.goal(w)); });
    while (pass([](const World&) { return Marks{0}; })) {
    }
  }

  /// False if the system gave no memory; nothing else may be called then.
  bool valid() const { return reached_.valid(); }

  /// Question `first` is bit 0. Requires a visited world.
  Marks reached(const World& w) const { return reached_.get(slot_of(w)); }
  /// Which questions are asked of w and have no way to their goal.
  Marks stranded(const World& w) const {
    const Marks from = mine(questions_.from(w));
    return from == 0 ? 0 : from & ~reached(w);
  }

 private:
  struct Step {
    World to;
    Marks allowed;
  };

  Marks mine(std::uint64_t questions) const {
    return static_cast<Marks>(questions >> first_) & asked_;
  }

  /// Adds to each world's bits what begin(w) gives, and what it can step to; true if that changed
  /// any.
  template <class Begin>
  bool pass(const Begin& begin) {
    bool any = false;
    auto& levels = search_.levels();
    for (std::size_t i = levels.size(); i-- > 0;) any |= pass_level(levels[i], begin);
    return any;
  }

  template <class Begin>
  bool pass_level(Level<World>& level, const Begin& begin) {
    std::atomic<std::size_t> taken{0};
    std::atomic<bool> any{false};
    const auto job = [&](int number) {
      const auto thread = static_cast<std::size_t>(number);
      for (std::size_t b; (b = taken.fetch_add(1)) < level.blocks().size();)
        if (pass_block(level.blocks()[b], thread, begin))
          any.store(true, std::memory_order_relaxed);
    };
    if (level.blocks().size() > 2)
      workers_.run(job);
    else
      job(0);
    return any.load();
  }

  template <class Begin>
  bool pass_block(const WorldBlock<World>& block, std::size_t thread, const Begin& begin) {
    bool any = false;
    for (std::uint32_t i = 0; i < block.end; ++i) {
      if (i + kAhead < block.end) prefetch(block.worlds[i + kAhead]);
      const World& w = block.worlds[i];
      const std::size_t slot = slot_of(w);
      const Marks before = reached_.get(slot);
      Marks now = before | begin(w);
      if (now != asked_) now |= by_a_step(w, thread, asked_ & ~now);
      if (now == before) continue;
      reached_.add(slot, now);
      any = true;
    }
    return any;
  }

  /// Of the `missing` goals those that are known to be reachable from a successor.
  Marks by_a_step(const World& w, std::size_t thread, Marks missing) {
    std::vector<Step>& next = next_[thread];
    next.clear();
    const bool known =
        detail::expand(model_, w, search_.scratches()[thread], [&](const World& to, Label label) {
          const Marks allowed = mine(questions_.allowed(label)) & missing;
          if (allowed == 0 || to == w) return;
          prefetch(to);
          next.push_back({to, allowed});
        });
    INDOUBT_ASSERT(known);  // the search has expanded w before
    Marks found = 0;
    for (const Step& s : next) {
      if ((s.allowed & ~found) != 0) found |= s.allowed & reached(s.to);
      if (found == missing) break;
    }
    return found;
  }

  void prefetch(const World& w) const {
    search_.visited().with_set([&](const auto& set) {
      const std::size_t place = set.place(w);
      set.prefetch(place);
      reached_.prefetch(place);
    });
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
  const Q& questions_;
  int first_;
  Marks asked_ = 0;  ///< one bit for each question that is answered here
  SharedMarks reached_;
  std::vector<std::vector<Step>> next_;  ///< successors, of each thread
};

/// One question of that form.
template <class From, class Goal, class Allowed>
class ReachQuestion {
 public:
  ReachQuestion(From from, Goal goal, Allowed allowed)
      : from_(std::move(from)), goal_(std::move(goal)), allowed_(std::move(allowed)) {}
  int count() const { return 1; }
  template <class World>
  std::uint64_t from(const World& w) const {
    return from_(w);
  }
  template <class World>
  std::uint64_t goal(const World& w) const {
    return goal_(w);
  }
  std::uint64_t allowed(Label label) const { return allowed_(label); }

 private:
  From from_;
  Goal goal_;
  Allowed allowed_;
};

}  // namespace indoubt
