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
  bool keep_blocks;                             ///< otherwise their buffers are used again
  std::atomic<bool> pause{false};               ///< everybody leaves after his block
  alignas(64) std::atomic<std::uint64_t> room;  ///< new worlds that may still be inserted
  alignas(64) std::atomic<std::size_t> taken{0};

  SearchPass(Level<World>& l, bool keep, std::uint64_t new_worlds)
      : level(l), keep_blocks(keep), room(new_worlds) {}

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

/// One thread's share of a search. Successors go through two stages in batches, so that neither
/// waits for the branches of the model or for memory:
/// 1. sift: drop what was met a moment ago (steps that commute give most worlds again soon), and
///    fetch the slots that the others may go to;
/// 2. settle, one batch later: insert them.
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
  template <class Set, class Look>
  void expand(Mode mode, const M& model, Scratch& scratch, SearchPass<World>& pass, Set& set,
              const Look& look) {
    const auto settle_batch = [&] { pass_on(mode, model, pass, set); };
    while (WorldBlock<World>* block = pass.take()) {
      expand_block(model, scratch, pass, *block, settle_batch);
      if (!deferred.empty() || !look()) pass.pause.store(true, std::memory_order_relaxed);
      if (pass.pause.load(std::memory_order_relaxed)) break;
    }
    settle_batch();
    settle_batch();
  }

  /// Takes in a world that is new and in the set.
  void adopt(const M& model, const World& w) {
    found.push(w, buffers);
    if (const std::uint32_t marks = model.marks(w)) tally.note(marks);
  }

  /// To be called when worlds change their meaning.
  void forget_recent() { recent_.assign(recent_.size(), kNoWorld); }

 private:
  struct Waiting {
    World world;
    std::size_t place;
  };
  static constexpr std::size_t kBatch = 128;  // so many fetches from memory are under way at most
  static constexpr int kRecentBits = 13;      // the recent worlds stay in the core's own cache
  static constexpr World kNoWorld{{kSlotBits}};

  struct Sifted {
    std::array<Waiting, kBatch> worlds;
    std::size_t count = 0;
  };

  template <class SettleBatch>
  void expand_block(const M& model, Scratch& scratch, SearchPass<World>& pass,
                    WorldBlock<World>& block, const SettleBatch& settle_batch) {
    while (block.next < block.end && deferred.empty()) {
      const World w = block.worlds[block.next++];
      std::uint64_t count = 0;
      const bool known = detail::expand(model, w, scratch, [&](const World& next, Label) {
        ++count;
        batch_[batched_] = next;
        batched_ += next != w;
        if (batched_ == kBatch) settle_batch();
      });
      if (known)
        transitions += count;
      else
        retry.push(w, buffers);
    }
    if (block.expanded() && block.worlds && !pass.keep_blocks)
      buffers.give(std::move(block.worlds));
  }

  /// Sifts the batch and settles the worlds that were sifted before.
  template <class Set>
  void pass_on(Mode mode, const M& model, SearchPass<World>& pass, Set& set) {
    const Sifted& ready = sifted_[turn_];
    turn_ ^= 1;
    sift(set, sifted_[turn_]);
    if (mode == Mode::marks_only)
      for (std::size_t i = 0; i < ready.count; ++i) tally.met |= model.marks(ready.worlds[i].world);
    else
      for (std::size_t i = 0; i < ready.count; ++i) settle(model, pass, set, ready.worlds[i]);
  }

  template <class Set>
  void sift(const Set& set, Sifted& out) {
    std::size_t kept = 0;  // in a register; and no branch, for half of the worlds were met before
    for (std::size_t i = 0; i < batched_; ++i) {
      const World w = batch_[i];
      if constexpr (Set::kScattered) {
        const std::uint64_t hashed = hash(w);
        const std::size_t place = set.place(w, hashed);
        World& recent = recent_[hashed >> (64 - kRecentBits)];
        const bool met = recent == w;
        out.worlds[kept] = {w, place};
        kept += !met;
        recent = w;
        if (!met) set.prefetch(place);
      } else {
        const std::size_t place = set.place(w);
        out.worlds[kept++] = {w, place};
        set.prefetch(place);
      }
    }
    out.count = kept;
    batched_ = 0;
  }

  template <class Set>
  void settle(const M& model, SearchPass<World>& pass, Set& set, const Waiting& w) {
    if (allowance == 0 && !more_room(pass)) {
      if (!set.contains(w.world)) deferred.push_back(w.world);
    } else if (set.insert(w.world, w.place)) {
      --allowance;
      adopt(model, w.world);
    }
  }

  bool more_room(SearchPass<World>& pass) {
    allowance = pass.grant();
    granted += allowance;
    return allowance != 0;
  }

  std::vector<World> recent_ = std::vector<World>(std::size_t{1} << kRecentBits, kNoWorld);
  std::array<World, kBatch> batch_;  ///< successors as they were generated
  std::size_t batched_ = 0;
  std::array<Sifted, 2> sifted_;  ///< [turn_] waits to be settled; the other one is settled
  std::size_t turn_ = 0;
};

}  // namespace indoubt
