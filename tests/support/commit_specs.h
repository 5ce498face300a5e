#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "analysis/explore/packed.h"
#include "analysis/explore/search_model.h"

namespace indoubt::testing {

/// Marks of the specifications below.
enum CommitMark : int { kInconsistent, kAllCommitted, kAllAborted };

/// Two-phase commit with messages as a set, which never leave it: Gray & Lamport, "Consensus on
/// transaction commit" (2006), appendix: TwoPhase. A resource manager takes three bits: its state,
/// whether its Prepared message is there, and whether the transaction manager has received it.
/// Lanes go round the words, so that wide worlds use all of them; the transaction manager is in
/// word 0.
template <int kWords = 1>
class TwoPhaseSpec {
 public:
  using World = Packed<kWords>;
  enum class Variant : std::uint8_t { correct, commits_without_votes };
  enum class Symmetry : std::uint8_t { none, full };

  explicit TwoPhaseSpec(int managers, Symmetry symmetry = Symmetry::none,
                        Variant variant = Variant::correct)
      : n_(managers), symmetry_(symmetry), variant_(variant) {}

  int bits() const { return 2 + 3 * ((n_ + kWords - 1) / kWords); }
  World initial() const { return {}; }

  template <class F>
  void successors(const World& w, F&& f) const {
    if (symmetry_ == Symmetry::full)
      each(w, [&](const World& next, Label label) { f(sorted(next), label); });
    else
      each(w, f);
  }

  std::uint32_t marks(const World& w) const {
    int committed = 0, aborted = 0;
    for (int i = 0; i < n_; ++i) {
      const std::uint64_t lane = lane_of(w, i);
      committed += lane == kCommitted;
      aborted += lane >= kAborted;
    }
    return static_cast<std::uint32_t>((committed > 0 && aborted > 0) << kInconsistent |
                                      (committed == n_) << kAllCommitted |
                                      (aborted == n_) << kAllAborted);
  }

 private:
  /// States of a resource manager; of kPrepared and kAborted also what became of its message.
  enum Lane : std::uint64_t {
    kWorking,
    kPrepared,
    kPreparedReceived,
    kCommitted,
    kAborted,
    kAbortedSent,
    kAbortedReceived
  };
  enum Manager : std::uint64_t { kInit, kCommit, kAbort };
  enum Action : std::uint64_t {
    tm_commit,
    tm_abort,
    receive_prepared,
    prepare,
    choose_abort,
    hear
  };

  static std::size_t word_of(int i) { return static_cast<std::size_t>(i) % kWords; }
  static int at(int i) { return 2 + 3 * (i / kWords); }
  static std::uint64_t lane_of(const World& w, int i) { return w.words[word_of(i)] >> at(i) & 7; }
  static World with_lane(World w, int i, std::uint64_t lane) {
    std::uint64_t& word = w.words[word_of(i)];
    word = (word & ~(std::uint64_t{7} << at(i))) | lane << at(i);
    return w;
  }
  static World with_manager(World w, Manager m) {
    w.words[0] |= m;
    return w;
  }
  static Label label(Action action, int i) { return action << 8 | static_cast<std::uint64_t>(i); }

  template <class F>
  void each(const World& w, F&& f) const {
    const std::uint64_t manager = w.words[0] & 3;
    if (manager == kInit) decide(w, f);
    for (int i = 0; i < n_; ++i) {
      const std::uint64_t lane = lane_of(w, i);
      if (lane == kWorking) {
        f(with_lane(w, i, kPrepared), label(prepare, i));
        f(with_lane(w, i, kAborted), label(choose_abort, i));
      }
      if (manager != kInit)
        f(with_lane(w, i, manager == kCommit ? kCommitted : aborted(lane)), label(hear, i));
      else if (lane != kWorking && lane != kAborted)
        f(with_lane(w, i, received(lane)), label(receive_prepared, i));
    }
  }
  template <class F>
  void decide(const World& w, F&& f) const {
    bool all = true;
    for (int i = 0; i < n_; ++i) {
      const std::uint64_t lane = lane_of(w, i);
      all &= lane == kPreparedReceived || lane == kAbortedReceived;
    }
    if (all || variant_ == Variant::commits_without_votes)
      f(with_manager(w, kCommit), label(tm_commit, 0));
    f(with_manager(w, kAbort), label(tm_abort, 0));
  }
  static std::uint64_t aborted(std::uint64_t lane) {
    return lane == kPrepared           ? kAbortedSent
           : lane == kPreparedReceived ? kAbortedReceived
           : lane == kWorking          ? kAborted
                                       : lane;
  }
  static std::uint64_t received(std::uint64_t lane) {
    return lane == kPrepared ? kPreparedReceived : lane == kAbortedSent ? kAbortedReceived : lane;
  }

  /// The representative of a world under renaming of resource managers.
  World sorted(const World& w) const {
    std::array<std::uint64_t, 64> lanes{};
    for (int i = 0; i < n_; ++i) lanes[static_cast<std::size_t>(i)] = lane_of(w, i);
    std::sort(lanes.begin(), lanes.begin() + n_);
    World out{};
    out.words[0] = w.words[0] & 3;
    for (int i = 0; i < n_; ++i) out = with_lane(out, i, lanes[static_cast<std::size_t>(i)]);
    return out;
  }

  int n_;
  Symmetry symmetry_;
  Variant variant_;
};

/// What any commit protocol may do, without messages: Gray & Lamport (2006), appendix: TCommit. Two
/// bits a resource manager.
class TCommitSpec {
 public:
  using World = Packed<1>;

  explicit TCommitSpec(int managers) : n_(managers) {}
  World initial() const { return {}; }

  template <class F>
  void successors(const World& w, F&& f) const {
    bool may_commit = true, none_committed = true;
    for (int i = 0; i < n_; ++i) {
      may_commit &= state(w, i) == kPrepared || state(w, i) == kCommitted;
      none_committed &= state(w, i) != kCommitted;
    }
    for (int i = 0; i < n_; ++i) {
      const std::uint64_t s = state(w, i);
      const auto label = static_cast<Label>(i) << 2;
      if (s == kWorking) f(with(w, i, kPrepared), label | kPrepared);
      if (s == kPrepared && may_commit) f(with(w, i, kCommitted), label | kCommitted);
      if (s <= kPrepared && none_committed) f(with(w, i, kAborted), label | kAborted);
    }
  }

  std::uint32_t marks(const World& w) const {
    bool committed = false, aborted = false;
    for (int i = 0; i < n_; ++i) {
      committed |= state(w, i) == kCommitted;
      aborted |= state(w, i) == kAborted;
    }
    return committed && aborted ? 1u << kInconsistent : 0u;
  }

 private:
  enum State : std::uint64_t { kWorking, kPrepared, kCommitted, kAborted };

  static std::uint64_t state(const World& w, int i) { return w.words[0] >> 2 * i & 3; }
  static World with(World w, int i, std::uint64_t s) {
    w.words[0] = (w.words[0] & ~(std::uint64_t{3} << 2 * i)) | s << 2 * i;
    return w;
  }

  int n_;
};

}  // namespace indoubt::testing
