#pragma once
#include <algorithm>
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
/// A few bits a slot of the set of visited worlds say which; no edges are stored. One pass over all
/// levels, the last one first, generates the successors of the worlds that lack a bit. One more bit
/// says that a world was passed: a world that lacks a bit and has a successor that was not passed
/// yet, by a step back, is looked at again. Only if that finds something new, another pass over all
/// worlds follows, until one finds nothing.
template <SearchModel M, ReachQuestions<typename M::World> Q>
class GoalReach {
 public:
  using World = typename M::World;
  using Marks = SharedMarks::Marks;

  /// Answers the questions from `first` on, as many as width - 1; `width` is 2, 4 or 8. The search
  /// must be complete, with its levels kept.
  GoalReach(const M& model, LevelSearch<M>& search, SearchWorkers& workers, const Q& questions,
            int first, int width)
      : model_(model),
        search_(search),
        workers_(workers),
        questions_(questions),
        first_(first),
        reached_(search.slots(), width),
        notes_(search.scratches().size()) {
    if (!valid()) return;
    const int asked = std::min(questions.count() - first, width - 1);
    asked_ = (Marks{1} << asked) - 1;
    passed_ = Marks{1} << (width - 1);
    pass([&](const World& w) { return passed_ | mine(questions_.goal(w)); });
    if (stop_ == Stop::complete && look_again())
      while (pass([](const World&) { return Marks{0}; })) {
      }
  }

  /// False if the system gave no memory; nothing else may be called then.
  bool valid() const { return reached_.valid(); }
  /// Stop::complete, or what ended the passes; then there is no answer.
  Stop stop() const { return stop_; }

  /// Question `first` is bit 0. Requires a visited world.
  Marks reached(const World& w) const { return reached_.get(slot_of(w)) & asked_; }
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
  /// What one thread keeps.
  struct alignas(64) Notes {
    std::vector<Step> next;    ///< successors of a world
    std::vector<World> again;  ///< worlds with a step to one that was not passed yet
    bool too_many = false;     ///< more of them than are kept
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
    for (std::size_t i = levels.size(); i-- > 0 && stop_ == Stop::complete;)
      any |= pass_level(levels[i], begin);
    return any && stop_ == Stop::complete;
  }

  template <class Begin>
  bool pass_level(Level<World>& level, const Begin& begin) {
    std::atomic<std::size_t> taken{0};
    std::atomic<bool> any{false};
    const auto job = [&](int number) {
      const auto thread = static_cast<std::size_t>(number);
      for (std::size_t b; (b = taken.fetch_add(1)) < level.blocks().size();) {
        if (pass_block(level.blocks()[b], thread, begin))
          any.store(true, std::memory_order_relaxed);
        if (number == 0 && (stop_ = search_.look()) != Stop::complete)
          taken.store(level.blocks().size());
      }
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
      any |= add(w, begin(w), thread);
    }
    return any;
  }

  /// Adds `marks`, and what a step from w leads to.
  bool add(const World& w, Marks marks, std::size_t thread) {
    const std::size_t slot = slot_of(w);
    const Marks before = reached_.get(slot);
    Marks now = before | marks;
    if (const Marks missing = asked_ & ~now) now |= by_a_step(w, thread, missing);
    if (now == before) return false;
    reached_.add(slot, now);
    return true;
  }

  /// Of the `missing` goals those that are known to be reachable from a successor.
  Marks by_a_step(const World& w, std::size_t thread, Marks missing) {
    std::vector<Step>& next = notes_[thread].next;
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
    bool all_passed = true;
    for (const Step& s : next) {
      if ((s.allowed & ~found) == 0) continue;
      const Marks there = reached_.get(slot_of(s.to));
      found |= s.allowed & there;
      if (found == missing) return found;
      all_passed = all_passed && (there & passed_) != 0;
    }
    if (!all_passed) note_again(w, notes_[thread]);
    return found;
  }

  void note_again(const World& w, Notes& notes) const {
    notes.too_many = notes.too_many || notes.again.size() == kMostAgain;
    if (!notes.too_many) notes.again.push_back(w);
  }

  /// After the first pass: whether the worlds that were too early, or may have been, lead further
  /// than it saw.
  bool look_again() {
    bool any = false;
    for (std::size_t i = 0; i < notes_.size() && !any; ++i) {
      any = notes_[i].too_many;
      for (const World& w : std::exchange(notes_[i].again, {})) any = any || add(w, 0, i);
    }
    return any;
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
  static constexpr std::size_t kMostAgain = std::size_t{1} << 20;

  const M& model_;
  LevelSearch<M>& search_;
  SearchWorkers& workers_;
  const Q& questions_;
  int first_;
  Marks asked_ = 0;  ///< one bit for each question that is answered here
  Stop stop_ = Stop::complete;
  Marks passed_ = 0;  ///< the bit of the worlds that the first pass has been at
  SharedMarks reached_;
  std::vector<Notes> notes_;
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
