#pragma once
// A finite Markov chain, discrete or continuous in time, with what is asked about it: marks on its
// states, counters that its transitions and its time earn, and weights that know their parameters.
// Solvers only read it: solver.h (in the long run), transient.h and passage.h (by a time), exact.h.
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/chain/weights.h"

namespace indoubt::markov {

using StateId = std::uint32_t;

/// A set of marks, one bit each.
using Marks = std::uint64_t;

enum class Kind : std::uint8_t {
  /// Weights of the state's transitions are probabilities, sum 1. The state itself takes no time;
  /// each transition takes its effect's `elapsed` (0: an immediate, "vanishing" state).
  step,
  /// Weights are rates per nanosecond; transitions race, and none has an `elapsed`.
  exponential
};

/// Something that is added up along a run: messages of a type, inquiries, time in doubt.
enum class CounterId : std::uint32_t {};
/// Every chain's first counter: nanoseconds in states that have transitions.
inline constexpr CounterId kTime{0};

struct Gain {
  CounterId counter;
  std::int64_t amount;  ///< at least 0
  auto operator<=>(const Gain&) const = default;
};
using Gains = std::vector<Gain>;

/// What happens along a transition besides the change of state.
struct Effect {
  std::int64_t elapsed = 0;  ///< nanoseconds, at least 0; only out of Kind::step
  Gains gains;               ///< each counter at most once, never kTime
  auto operator<=>(const Effect&) const = default;
};
enum class EffectId : std::uint32_t {};
inline constexpr EffectId kNoEffect{0};

/// Gains per nanosecond in a state ("number in doubt").
enum class EarningId : std::uint32_t {};
inline constexpr EarningId kNoEarning{0};

struct Transition {
  StateId target;
  WeightId weight;
  EffectId effect;
};

/// States are appended in the order of their numbers, each followed by its transitions; targets may
/// be numbers of states that are still to come. A state without transitions is absorbing. Two
/// transitions may join the same states. A weight of value 0 is allowed: it matters to slopes only.
class Chain {
 public:
  Chain();

  /// Requires fewer than 64 marks so far. The result is a set of one.
  Marks add_mark(std::string name);
  CounterId add_counter(std::string name);
  /// Equal values get one number.
  EffectId intern(const Effect& effect);
  EarningId intern_earning(const Gains& per_nanosecond);

  /// Returns the new state's number.
  StateId add_state(Kind kind, Marks marks, EarningId earning = kNoEarning);
  /// From the state that was added last.
  void add_transition(StateId target, WeightId weight, EffectId effect = kNoEffect);
  /// State 0 unless set. A distribution over first states is an immediate state.
  void set_start(StateId s) { start_ = s; }
  /// Asserts what the comments above require: targets exist, probabilities sum to 1 within 1e-12,
  /// weights are not negative, rows of exponential states take time. Linear in the size.
  void check() const;

  Weights& weights() { return weights_; }
  const Weights& weights() const { return weights_; }
  std::size_t states() const { return kinds_.size(); }
  std::size_t transitions() const { return transitions_.size(); }
  StateId start() const { return start_; }
  std::span<const Transition> row(StateId s) const {
    return {transitions_.data() + first_[s], first_[s + 1] - first_[s]};
  }
  bool absorbing(StateId s) const { return first_[s] == first_[s + 1]; }
  Kind kind(StateId s) const { return kinds_[s]; }
  Marks marks(StateId s) const { return marks_[s]; }
  EarningId earning(StateId s) const { return earning_of_[s]; }

  std::span<const std::string> mark_names() const { return mark_names_; }
  std::span<const std::string> counter_names() const { return counter_names_; }
  /// The mark or counter of that name, if there is one.
  std::optional<Marks> find_mark(std::string_view name) const;
  std::optional<CounterId> find_counter(std::string_view name) const;
  std::span<const Effect> effects() const { return effects_; }   ///< by EffectId
  std::span<const Gains> earnings() const { return earnings_; }  ///< by EarningId

 private:
  void check_row(StateId s) const;

  Weights weights_;
  std::vector<std::string> mark_names_, counter_names_;
  std::vector<Effect> effects_;
  std::vector<Gains> earnings_;
  std::map<Effect, EffectId> effect_number_;
  std::map<Gains, EarningId> earning_number_;
  std::vector<std::uint32_t> first_;  ///< states() + 1 offsets
  std::vector<Transition> transitions_;
  std::vector<Kind> kinds_;
  std::vector<Marks> marks_;
  std::vector<EarningId> earning_of_;
  StateId start_ = 0;
};

}  // namespace indoubt::markov
