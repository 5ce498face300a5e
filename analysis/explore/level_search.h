#pragma once
#include <algorithm>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "analysis/explore/search_clock.h"
#include "analysis/explore/search_model.h"
#include "analysis/explore/search_result.h"
#include "analysis/explore/search_worker.h"
#include "analysis/explore/search_workers.h"
#include "analysis/explore/visited_worlds.h"
#include "sim/process/assert.h"

namespace indoubt {

/// Breadth-first search, one level at a time, with all workers on the same level.
///
/// To expand a level:
/// 1. Give the workers room for as many new worlds as the set, the bounds and the memory allow.
/// 2. The workers expand blocks until the level is done or the room is used up.
/// 3. Insert what they had to put aside, growing the set. If it may not grow any more, the level
/// does
///    not fit: from here on only look at the marks of successors. Unless done, go to 1.
/// 4. If some worlds have unknown successors, let the model learn, and expand those: go to 1.
///
/// How far an incomplete search comes is a function of counts, never of the order of the threads: a
/// level is counted whole or not at all.
template <SearchModel M>
class LevelSearch {
 public:
  using World = typename M::World;
  using Scratch = typename detail::ScratchOf<M>::type;

  /// Visits the initial world. With keep_levels all levels stay; otherwise only the last one.
  LevelSearch(M& model, const Bounds& bounds, bool keep_levels, SearchWorkers& workers,
              SearchClock& clock)
      : model_(model),
        bounds_(bounds),
        keep_levels_(keep_levels),
        crew_(workers),
        clock_(clock),
        visited_(model),
        workers_(static_cast<std::size_t>(workers.count())),
        scratches_(workers_.size()) {
    const World initial = model.initial();
    INDOUBT_ASSERT((initial.words[0] & kSlotBits) == 0);
    visited_.with_set([&](auto& set) { set.insert(initial, set.place(initial)); });
    workers_[0].adopt(model, initial);
    inserted_ = 1;
    take_level();
  }

  /// The levels so far and what was seen in them. `stop` and `reason` are set when advance() fails.
  const SearchResult& result() const { return result_; }
  int depth() const { return result_.levels - 1; }
  bool done() const { return levels_.back().empty(); }
  /// The levels, one for each depth; all but the last are empty unless they are kept.
  std::vector<Level<World>>& levels() { return levels_; }
  VisitedWorlds<M>& visited() { return visited_; }
  /// Of the set of visited worlds.
  std::size_t slots() {
    return visited_.with_set([](const auto& set) { return set.slots(); });
  }
  std::vector<Scratch>& scratches() { return scratches_; }
  /// Bytes of the set of visited worlds and the levels, now.
  std::uint64_t memory_bytes() const { return memory(inserted_); }
  /// To be called now and then by whoever works on the levels: Stop::complete, or why to end.
  Stop look() {
    return clock_.look([&] {
      return SearchProgress{inserted_, 0, depth(), levels_.back().size(), memory(inserted_)};
    });
  }
  /// Frees the set of visited worlds; only the levels may be used from here on.
  void forget_visited() { visited_.forget(); }
  /// Brings the levels into a layout that has room for all that the model knows: after a search
  /// that ended while it learned, this may be more than what the levels were written for. Stop::
  /// complete, or why that cannot be; requires forget_visited() then.
  Stop refit_levels() {
    if constexpr (LearningModel<M>) {
      switch (model_.learn(std::span<Scratch>())) {
        case Learned::more: break;
        case Learned::moved: move_levels(); break;
        case Learned::wider: return Stop::wider;
        case Learned::limit: return Stop::limit;
      }
    }
    return Stop::complete;
  }

  /// Expands the last level, which must not be empty. False, with result().stop, if that did not
  /// end; then the search cannot go on.
  bool advance() {
    Level<World> again;
    Level<World>* work = &levels_.back();
    Stop stop = expand(*work);
    while (stop == Stop::complete) {
      again = Level<World>{};
      for (auto& worker : workers_) again.append(std::exchange(worker.retry, {}));
      if (again.empty()) break;
      stop = learn(again);
      if (stop == Stop::complete) stop = expand(again);
    }
    if (full_ != Stop::complete) stop = full_;
    if (stop != Stop::complete) return fail(stop);
    if (!keep_levels_) levels_.back() = Level<World>{};
    take_level();
    return true;
  }

 private:
  using Worker = SearchWorker<M>;

  /// Expands all blocks of `work`.
  Stop expand(Level<World>& work) {
    while (!work.expanded()) {
      SearchPass<World> pass(work, keep_levels_, make_room());
      run_pass(pass, full_ == Stop::complete ? Worker::Mode::insert : Worker::Mode::marks_only);
      account();
      if (stopped_ != Stop::complete) return stopped_;
      for (Worker& worker : workers_) insert_deferred(worker);
    }
    return Stop::complete;
  }

  void run_pass(SearchPass<World>& pass, typename Worker::Mode mode) {
    visited_.with_set([&](auto& set) {
      const auto job = [&](int number) {
        const auto i = static_cast<std::size_t>(number);
        workers_[i].expand(mode, model_, scratches_[i], pass, set,
                           [&] { return number != 0 || look(pass); });
      };
      if (pass.level.blocks().size() > 2)
        crew_.run(job);
      else
        job(0);
    });
  }

  bool look(const SearchPass<World>& pass) {
    stopped_ = clock_.look([&] {
      const std::uint64_t inserted = inserted_ + room_ - pass.room.load(std::memory_order_relaxed);
      return SearchProgress{inserted, 0, depth(), levels_.back().size(), memory(inserted)};
    });
    return stopped_ == Stop::complete;
  }

  void account() {
    for (Worker& worker : workers_) {
      inserted_ += worker.granted - worker.allowance;
      worker.granted = worker.allowance = 0;
    }
  }

  /// How many new worlds may be inserted before the next decision about memory. Depends on counts
  /// only.
  std::uint64_t make_room() {
    if (inserted_ >= visited_.comfortable() && can_grow()) grow();
    const std::uint64_t slots =
        inserted_ < visited_.comfortable() ? visited_.comfortable() : visited_.most();
    const std::uint64_t used = memory(inserted_);
    const std::uint64_t memory_room =
        used < bounds_.memory_bytes ? (bounds_.memory_bytes - used) / sizeof(World) : 0;
    const std::uint64_t limit = std::min(slots, bounds_.states);
    room_ = std::min(limit - std::min(limit, inserted_), memory_room);
    return room_;
  }

  bool can_grow() const {
    const std::uint64_t others = memory(inserted_) + visited_.bytes_when_grown();
    return !cannot_grow_ && others <= bounds_.memory_bytes;
  }
  void grow() {
    note_memory(memory(inserted_) + visited_.bytes_when_grown());
    cannot_grow_ = !visited_.grow(crew_);
  }

  void insert_deferred(Worker& worker) {
    const std::vector<World> deferred = std::exchange(worker.deferred, {});
    for (const World& w : deferred) insert_deferred(worker, w);
  }
  void insert_deferred(Worker& worker, const World& w) {
    if (visited_.with_set([&](auto& set) { return set.contains(w); })) return;
    if (full_ == Stop::complete && make_room() == 0)
      full_ = inserted_ >= bounds_.states ? Stop::states : Stop::memory;
    if (full_ != Stop::complete) {
      worker.tally.met |= model_.marks(w);
      return;
    }
    visited_.with_set([&](auto& set) { set.insert(w, set.place(w)); });
    ++inserted_;
    worker.adopt(model_, w);
  }

  Stop learn(Level<World>& again) {
    if constexpr (LearningModel<M>) {
      switch (model_.learn(std::span<Scratch>(scratches_))) {
        case Learned::more: return Stop::complete;
        case Learned::moved: return move_worlds(again) ? Stop::complete : Stop::memory;
        case Learned::wider: return Stop::wider;
        case Learned::limit: result_.reason = model_.limit(); return Stop::limit;
      }
    }
    return Stop::complete;
  }

  /// Brings every stored world into the model's new layout. If there is no memory for that, false,
  /// and at least the levels are, which paths are made of: in them worlds move in place.
  bool move_worlds(Level<World>& again) {
    if constexpr (LearningModel<M>) {
      move_levels();
      const auto change = [this](World& w) { w = model_.moved(w); };
      again.for_each(change);
      for (Worker& worker : workers_) worker.found.for_each(change);
      for (Worker& worker : workers_) worker.forget_recent();
      const std::uint64_t needed = memory(inserted_) + visited_.bytes();
      if (needed > bounds_.memory_bytes) return false;
      note_memory(needed);
      return visited_.replace(crew_, [this](const World& w) { return model_.moved(w); });
    }
    return true;
  }

  void move_levels() {
    if constexpr (LearningModel<M>)
      for (Level<World>& level : levels_) level.for_each([this](World& w) { w = model_.moved(w); });
  }

  bool fail(Stop stop) {
    result_.stop = stop;
    std::uint32_t met = 0;
    for (const Worker& worker : workers_) met |= worker.tally.met;
    note_depths(met, result_.levels);
    return false;
  }

  /// Makes what the workers found the last level, and counts it.
  void take_level() {
    note_memory(memory(inserted_));
    MarkTally tally;
    Level<World> level;
    for (Worker& worker : workers_) {
      tally.add(std::exchange(worker.tally, {}));
      result_.transitions += std::exchange(worker.transitions, 0);
      level.append(std::exchange(worker.found, {}));
    }
    note_depths(tally.met, result_.levels);
    for (std::size_t k = 0; k < tally.worlds.size(); ++k)
      result_.marks[k].worlds += tally.worlds[k];
    result_.states = inserted_;
    if (!level.empty()) ++result_.levels;
    levels_.push_back(std::move(level));
    kept_ = keep_levels_ ? inserted_ : levels_.back().size();
    counted_ = inserted_;
  }

  void note_depths(std::uint32_t met, int depth) {
    for (std::size_t k = 0; k < result_.marks.size(); ++k)
      if ((met >> k & 1) != 0 && result_.marks[k].depth < 0) result_.marks[k].depth = depth;
  }

  /// Bytes of the set and the levels with `inserted` worlds visited.
  std::uint64_t memory(std::uint64_t inserted) const {
    return visited_.bytes() + (kept_ + inserted - counted_) * sizeof(World);
  }
  void note_memory(std::uint64_t bytes) {
    result_.memory_bytes = std::max(result_.memory_bytes, bytes);
  }

  M& model_;
  Bounds bounds_;
  bool keep_levels_;
  SearchWorkers& crew_;
  SearchClock& clock_;
  VisitedWorlds<M> visited_;
  std::vector<Worker> workers_;
  std::vector<Scratch> scratches_;
  std::vector<Level<World>> levels_;
  SearchResult result_;
  std::uint64_t inserted_ = 0;  ///< visited worlds, those of the level under way included
  std::uint64_t counted_ = 0;   ///< those up to the last level
  std::uint64_t kept_ = 0;      ///< worlds in levels_
  std::uint64_t room_ = 0;
  bool cannot_grow_ = false;    ///< the system gave no memory
  Stop full_ = Stop::complete;  ///< the bound that the level under way does not fit
  Stop stopped_ = Stop::complete;
};

}  // namespace indoubt
