#pragma once
#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "analysis/explore/packed.h"
#include "analysis/explore/search_model.h"

namespace indoubt::testing {

/// Marks of the specifications below.
enum CommitMark : int { kInconsistent, kAllCommitted, kAllAborted };

/// Two-phase commit with messages as a set, which never leave it: Gray & Lamport, "Consensus on
/// transaction commit" (2006), appendix: TwoPhase. A resource manager takes three bits, one in each
/// of three fields of its word: decided, its Prepared message is sent, and it is received. Who has
/// committed is received but not sent. Managers go round the words, so that wide worlds use all of
/// them; the transaction manager stands in word 0. Requires at most 20 managers a word.
template <int kWords = 1>
class TwoPhaseSpec {
 public:
  using World = Packed<kWords>;
  enum class Variant : std::uint8_t { correct, commits_without_votes };
  enum class Symmetry : std::uint8_t { none, full };

  explicit TwoPhaseSpec(int managers, Symmetry symmetry = Symmetry::none,
                        Variant variant = Variant::correct)
      : n_(managers),
        width_((managers + kWords - 1) / kWords),
        symmetry_(symmetry),
        variant_(variant) {
    for (int i = 0; i < n_; ++i) all_[word_of(i)] |= bit_of(i);
  }

  int bits() const { return 3 * width_ + 2; }
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
    for (std::size_t k = 0; k < kWords; ++k) {
      const std::uint64_t commits = received(w, k) & ~sent(w, k);
      committed += std::popcount(commits);
      aborted += std::popcount(decided(w, k) & ~commits);
    }
    return static_cast<std::uint32_t>((committed > 0 && aborted > 0) << kInconsistent |
                                      (committed == n_) << kAllCommitted |
                                      (aborted == n_) << kAllAborted);
  }

 private:
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
  static std::uint64_t bit_of(int i) { return std::uint64_t{1} << i / kWords; }
  std::uint64_t decided(const World& w, std::size_t k) const { return w.words[k] & all_[k]; }
  std::uint64_t sent(const World& w, std::size_t k) const { return w.words[k] >> width_ & all_[k]; }
  std::uint64_t received(const World& w, std::size_t k) const {
    return w.words[k] >> 2 * width_ & all_[k];
  }
  std::uint64_t manager(const World& w) const { return w.words[0] >> 3 * width_ & 3; }

  template <class F>
  void each(const World& w, F&& f) const {
    if (manager(w) == kInit) decide(w, f);
    for (std::size_t k = 0; k < kWords; ++k) {
      const std::uint64_t working = all_[k] & ~(decided(w, k) | sent(w, k) | received(w, k));
      step(w, k, prepare, working, width_, f);
      step(w, k, choose_abort, working, 0, f);
      if (manager(w) == kInit) step(w, k, receive_prepared, sent(w, k), 2 * width_, f);
      if (manager(w) == kAbort) step(w, k, hear, all_[k], 0, f);
      if (manager(w) == kCommit) hear_commit(w, k, f);
    }
  }
  template <class F>
  void decide(const World& w, F&& f) const {
    bool all = true;
    for (std::size_t k = 0; k < kWords; ++k) all &= received(w, k) == all_[k];
    World next = w;
    if (all || variant_ == Variant::commits_without_votes) {
      next.words[0] = w.words[0] | kCommit << 3 * width_;
      f(next, tm_commit << 8);
    }
    next.words[0] = w.words[0] | kAbort << 3 * width_;
    f(next, tm_abort << 8);
  }
  /// Each of `who` sets its bit in the field at `at`.
  template <class F>
  void step(const World& w, std::size_t k, Action action, std::uint64_t who, int at, F&& f) const {
    World next = w;
    for (; who != 0; who &= who - 1) {
      next.words[k] = w.words[k] | (who & -who) << at;
      f(next, label(action, k, who));
    }
  }
  template <class F>
  void hear_commit(const World& w, std::size_t k, F&& f) const {
    World next = w;
    for (std::uint64_t who = all_[k]; who != 0; who &= who - 1) {
      const std::uint64_t bit = who & -who;
      next.words[k] = (w.words[k] & ~(bit << width_)) | bit | bit << 2 * width_;
      f(next, label(hear, k, who));
    }
  }
  static Label label(Action action, std::size_t k, std::uint64_t who) {
    return action << 8 | (static_cast<Label>(std::countr_zero(who)) * World::kWords + k);
  }

  /// The representative of a world under renaming of resource managers.
  World sorted(const World& w) const {
    std::array<std::uint64_t, 80> managers{};
    for (int i = 0; i < n_; ++i) managers[static_cast<std::size_t>(i)] = get(w, i);
    std::sort(managers.begin(), managers.begin() + n_);
    World out{};
    out.words[0] = manager(w) << 3 * width_;
    for (int i = 0; i < n_; ++i) put(out, i, managers[static_cast<std::size_t>(i)]);
    return out;
  }
  std::uint64_t get(const World& w, int i) const {
    const std::uint64_t fields = w.words[word_of(i)] >> i / kWords;
    return (fields & 1) | (fields >> width_ & 1) << 1 | (fields >> 2 * width_ & 1) << 2;
  }
  void put(World& w, int i, std::uint64_t m) const {
    w.words[word_of(i)] |= ((m & 1) | (m >> 1 & 1) << width_ | m >> 2 << 2 * width_) << i / kWords;
  }

  int n_;
  int width_;  ///< bits of a field
  Symmetry symmetry_;
  Variant variant_;
  std::array<std::uint64_t, World::kWords> all_{};  ///< the managers of each word, as a field
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
