#pragma once
#include <concepts>
#include <cstdint>
#include <span>
#include <string>

#include "analysis/explore/packed.h"

namespace indoubt {

/// What a step is: opaque to the search, which only compares it. Of several shortest paths the one
/// with the least labels is reported, so labels must not depend on how the model numbers things.
using Label = std::uint64_t;

/// What a model did about the gaps that its scratches noted.
enum class Learned : std::uint8_t {
  more,   ///< filled: the worlds can be expanded now
  moved,  ///< filled, and the layout has changed: every world w is now moved(w)
  wider,  ///< World is too narrow: the search ends with Stop::wider
  limit,  ///< a limit of the model was passed: the search ends with Stop::limit and limit()
};

namespace detail {
struct AnySuccessor {
  template <class World>
  void operator()(const World&, Label) const {}
};
}  // namespace detail

/// A model that knows all its worlds from the start.
///
/// * `World` is a Packed<k>.
/// * `initial()` gives the world to begin with.
/// * `successors(w, f)` calls f(next, label) for every step of w, in an order that depends on w
/// only.
///   A step that changes nothing (next == w) is given as well; the search counts and drops it.
/// * `marks(w)`: bit k is set if the world has the property with number k.
///
/// All are const and called by several threads at once. Optional: `bits()`, the number of low bits
/// of word 0 that worlds use, if World has one word and its number of bits is at most 36
/// (kDirectBits): the visited worlds then become a bitmap when they are many.
template <class M>
concept PlainModel = requires(const M& model, const typename M::World& w) {
  { model.initial() } -> std::same_as<typename M::World>;
  model.successors(w, detail::AnySuccessor{});
  { model.marks(w) } -> std::same_as<std::uint32_t>;
};

/// A model that learns during the search what steps lead to.
///
/// * `Scratch`: default constructible, one for each thread, lives as long as the search.
/// * `successors(w, scratch, f)` is as above, and returns false if the model does not know yet what
///   some step leads to. It has noted that gap in the scratch; w is expanded again after learn().
///   What was passed to f must be true successors of w even then: they are kept.
/// * `learn(scratches)` is called by one thread between passes, when no other calls the model:
/// fills
///   the gaps of all scratches, and clears them. Gaps depend on the worlds of a level only, but
///   which scratch has which, in which order and how often does not: number in sorted order.
///   Without any scratch it only makes room for what the model knows by now: `more`, `moved`, or
///   `wider` or `limit` if no layout of these worlds has that room.
/// * `moved(w)` after Learned::moved: w in the new layout; injective.
/// * `limit()` after Learned::limit: the reason, for the user.
template <class M>
concept LearningModel = requires(const M& model, M& learner, const typename M::World& w,
                                 typename M::Scratch& scratch,
                                 std::span<typename M::Scratch> scratches) {
  { model.initial() } -> std::same_as<typename M::World>;
  { model.successors(w, scratch, detail::AnySuccessor{}) } -> std::same_as<bool>;
  { model.marks(w) } -> std::same_as<std::uint32_t>;
  { learner.learn(scratches) } -> std::same_as<Learned>;
  { model.moved(w) } -> std::same_as<typename M::World>;
  { model.limit() } -> std::convertible_to<std::string>;
};

template <class M>
concept SearchModel = PlainModel<M> || LearningModel<M>;

/// Worlds of at most this many bits can be kept as one bit each.
inline constexpr int kDirectBits = 36;

template <class M>
concept DirectModel = PlainModel<M> && M::World::kWords == 1 && requires(const M& model) {
  { model.bits() } -> std::same_as<int>;
};

namespace detail {
struct NoScratch {};
template <class M>
struct ScratchOf {
  using type = NoScratch;
};
template <LearningModel M>
struct ScratchOf<M> {
  using type = typename M::Scratch;
};

/// Whether w has mark k. A model may have `has_mark(w, k)` where that costs less than all marks.
template <SearchModel M>
bool has_mark(const M& model, const typename M::World& w, int k) {
  if constexpr (requires { model.has_mark(w, k); })
    return model.has_mark(w, k);
  else
    return (model.marks(w) >> k & 1) != 0;
}

/// Either form of successors(): true if all of them are known.
template <SearchModel M, class F>
bool expand(const M& model, const typename M::World& w, typename ScratchOf<M>::type& scratch,
            F&& f) {
  if constexpr (LearningModel<M>) {
    return model.successors(w, scratch, f);
  } else {
    model.successors(w, f);
    return true;
  }
}
}  // namespace detail

}  // namespace indoubt
