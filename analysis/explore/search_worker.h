#pragma once
#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "analysis/explore/search_level.h"
#include "analysis/explore/search_model.h"
#include "analysis/explore/search_result.h"

namespace indoubt {

/// Marks of the new worlds of a level.
struct MarkTally {
  std::array<std::uint64_t, kMarks> worlds{};
  std::uint32_t met = 0;

  void note(std::uint32_t marks) {
    met |= marks;
    for (; marks != 0; marks &= marks - 1)
      ++worlds[static_cast<std::size_t>(std::countr_zero(marks))];
  }
  void add(const MarkTally& other) {
    met |= other.met;
    for (std::size_t k = 0; k < worlds.size(); ++k) worlds[k] += other.worlds[k];
  }
};

/// What the workers share while they expand the blocks of a level.
template <class World>
struct SearchPass {
  Level<World>& level;
  World known;                                  ///< any world that is in the set
  bool keep_blocks;                             ///< otherwise their buffers are used again
  std::atomic<bool> pause{false};               ///< everybody leaves after his block
  alignas(64) std::atomic<std::uint64_t> room;  ///< new worlds that may still be inserted
  alignas(64) std::atomic<std::size_t> taken{0};

  SearchPass(Level<World>& l, const World& visited, bool keep, std::uint64_t new_worlds)
      : level(l), known(visited), keep_blocks(keep), room(new_worlds) {}

  /// The next block to expand, or null.
  WorldBlock<World>* take() {
    const std::size_t i = taken.fetch_add(1, std::memory_order_relaxed);
    return i < level.blocks().size() ? &level.blocks()[i] : nullptr;
  }
  /// A part of the room for one worker; 0 if there is none.
  std::uint64_t grant() {
    std::uint64_t left = room.load(std::memory_order_relaxed), part = 0;
    do {
      part = std::min<std::uint64_t>(1024, (left + 3) / 4);
    } while (part != 0 &&
             !room.compare_exchange_weak(left, left - part, std::memory_order_relaxed));
    return part;
  }
};

/// One thread's share of a search. Successors wait in a ring until the slot that they may go to has
/// been fetched from memory.
template <SearchModel M>
class alignas(64) SearchWorker {
 public:
  using World = typename M::World;
  using Scratch = typename detail::ScratchOf<M>::type;
  /// With `insert`, new worlds go to the set and to `found`. With `marks_only` they are only looked
  /// at: the level is known not to fit.
  enum class Mode : std::uint8_t { insert, marks_only };

  // Results of the passes of a level; the search takes and clears them between passes.
  Level<World> found;           ///< new worlds
  Level<World> retry;           ///< worlds whose successors are not all known
  std::vector<World> deferred;  ///< new worlds for which there was no room
  MarkTally tally;
  std::uint64_t transitions = 0;
  std::uint64_t granted = 0, allowance = 0;  ///< room taken; the part not used
  BlockBuffers<World> buffers;

  /// Expands blocks until there are none, room has run out, or look() (called after each) says
  /// false.
  template <Mode kMode, class Set, class Look>
  void expand(const M& model, Scratch& scratch, SearchPass<World>& pass, Set& set,
              const Look& look) {
    // A ring that is always full needs no count.
    for (Waiting& w : ring_) w = {pass.known, set.place(pass.known)};
    while (WorldBlock<World>* block = pass.take()) {
      expand_block<kMode>(model, scratch, pass, set, *block);
      if (!deferred.empty() || !look()) pass.pause.store(true, std::memory_order_relaxed);
      if (pass.pause.load(std::memory_order_relaxed)) break;
    }
    for (const Waiting& w : ring_) settle<kMode>(model, pass, set, w);
  }

  /// Takes in a world that is new and in the set.
  void adopt(const M& model, const World& w) {
    found.push(w, buffers);
    if (const std::uint32_t marks = model.marks(w)) tally.note(marks);
  }

 private:
  struct Waiting {
    World world;
    std::size_t place;
  };
  static constexpr std::size_t kRing = 32;

  template <Mode kMode, class Set>
  void expand_block(const M& model, Scratch& scratch, SearchPass<World>& pass, Set& set,
                    WorldBlock<World>& block) {
    while (block.next < block.end && deferred.empty()) {
      const World w = block.worlds[block.next++];
      std::uint64_t count = 0;
      const bool known = detail::expand(model, w, scratch, [&](const World& next, Label) {
        ++count;
        if (next == w) return;
        const std::size_t place = set.place(next);
        set.prefetch(place);
        Waiting& oldest = ring_[turn_++ % kRing];
        settle<kMode>(model, pass, set, oldest);
        oldest = {next, place};
      });
      if (known)
        transitions += count;
      else
        retry.push(w, buffers);
    }
    if (block.next == block.end && block.worlds && !pass.keep_blocks)
      buffers.give(std::move(block.worlds));
  }

  template <Mode kMode, class Set>
  void settle(const M& model, SearchPass<World>& pass, Set& set, const Waiting& w) {
    if constexpr (kMode == Mode::marks_only) {
      tally.met |= model.marks(w.world);
    } else {
      if (allowance == 0 && !more_room(pass)) {
        if (!set.contains(w.world)) deferred.push_back(w.world);
      } else if (set.insert(w.world, w.place)) {
        --allowance;
        adopt(model, w.world);
      }
    }
  }

  bool more_room(SearchPass<World>& pass) {
    allowance = pass.grant();
    granted += allowance;
    return allowance != 0;
  }

  std::array<Waiting, kRing> ring_;
  std::size_t turn_ = 0;
};

}  // namespace indoubt
