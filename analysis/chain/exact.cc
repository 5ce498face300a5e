#include "analysis/chain/exact.h"

#include <algorithm>
#include <cmath>

#include "analysis/chain/components.h"
#include "analysis/chain/elimination.h"
#include "analysis/chain/rewards.h"
#include "sim/process/assert.h"

namespace indoubt::markov {
namespace {

using Ask = Question::Kind;

/// A value that may be infinite.
struct Value {
  Rational finite;
  bool infinite = false;
};

/// One backward pass over the components that the start can reach.
class BackwardPass {
 public:
  BackwardPass(const Chain& chain, const Question& q, const ExactLimits& limits)
      : chain_(chain),
        question_(q),
        limits_(limits),
        cut_(q.kind == Ask::ends ? 0 : q.marks),
        rewards_(chain, q.counter),
        parts_(find_components(chain, cut_)),
        values_(chain.states()) {}

  /// `reached`: P(marks are ever reached) by state, for the conditional question.
  Exact run(const std::vector<Value>* reached) {
    reached_ = reached;
    find_needed();
    for (std::size_t c = 0; c < parts_.size() && !refused_; ++c)
      if (needed_[parts_.members(c).front()] != 0) solve(c);
    if (refused_) return {{}, false, refused_};
    const Value& start = values_[chain_.start()];
    if (start.infinite) return {{}, true, {}};
    return {start.finite, false, {}};
  }

  const std::vector<Value>& values() const { return values_; }

 private:
  bool is_cut(StateId s) const { return (chain_.marks(s) & cut_) != 0; }
  bool is_probability() const {
    return question_.kind == Ask::ends || question_.kind == Ask::passes;
  }
  const Rational& weight(const Transition& t) const { return chain_.weights().exact(t.weight); }

  void find_needed() {
    needed_.assign(chain_.states(), 0);
    std::vector<StateId> found{chain_.start()};
    needed_[chain_.start()] = 1;
    for (std::size_t i = 0; i < found.size(); ++i) {
      if (is_cut(found[i])) continue;
      for (const Transition& t : chain_.row(found[i])) {
        if (needed_[t.target] != 0 || weight(t) == 0) continue;
        needed_[t.target] = 1;
        found.push_back(t.target);
      }
    }
    if (found.size() > limits_.states)
      refused_ =
          std::to_string(found.size()) + " states, more than " + std::to_string(limits_.states);
  }

  void solve(std::size_t c) {
    const auto members = parts_.members(c);
    if (!left(c)) return set_resting(members);
    if (members.size() > limits_.component) {
      refused_ = "a cycle through " + std::to_string(members.size()) + " states, more than " +
                 std::to_string(limits_.component);
      return;
    }
    if (members.size() > 1) return eliminate(c);
    const StateId s = members.front();
    Rational total = 0;
    for (const Transition& t : chain_.row(s))
      if (t.target != s) total += weight(t);
    values_[s] = known_part(s, c);
    if (!values_[s].infinite) values_[s].finite /= total;
    limit_size(values_[s]);
  }

  /// Whether a component that is not cut has a way out.
  bool left(std::size_t c) const {
    for (const StateId s : parts_.members(c)) {
      if (is_cut(s)) return false;
      for (const Transition& t : chain_.row(s))
        if (parts_.of[t.target] != c && weight(t) > 0) return true;
    }
    return false;
  }

  void set_resting(std::span<const StateId> members) {
    const bool marked = std::all_of(members.begin(), members.end(), [this](StateId s) {
      return (chain_.marks(s) & question_.marks) != 0;
    });
    const bool endless = std::any_of(members.begin(), members.end(), [this](StateId s) {
      return !is_cut(s) && (question_.kind == Ask::time_to || rewards_.earns_at_rest(s));
    });
    for (const StateId s : members) {
      if (is_probability())
        values_[s].finite = marked ? 1 : 0;
      else
        values_[s].infinite = endless && question_.kind != Ask::earned_if;
    }
  }

  /// What s earns and what leads out of component c, times its weights.
  Value known_part(StateId s, std::size_t c) const {
    Value sum;
    if (!is_probability()) sum.finite = earned_in(s);
    for (const Transition& t : chain_.row(s)) {
      if (parts_.of[t.target] == c || weight(t) == 0) continue;
      const Value& x = values_[t.target];
      sum.infinite |= x.infinite;
      if (x.finite != 0) sum.finite += weight(t) * x.finite;
    }
    return sum;
  }

  Rational earned_in(StateId s) const {
    const auto share = [this](StateId at) { return reached_ ? (*reached_)[at].finite : 1; };
    Rational sum = 0;
    if (chain_.kind(s) == Kind::exponential) sum += rewards_.per_time(s) * share(s);
    for (const Transition& t : chain_.row(s))
      if (const std::int64_t gain = rewards_.along(s, t); gain > 0)
        sum += weight(t) * gain * share(t.target);
    return sum;
  }

  void eliminate(std::size_t c) {
    const auto members = parts_.members(c);
    Elimination<Rational> system(members.size());
    std::vector<Rational> x(members.size());
    bool infinite = false;
    for (std::size_t i = 0; i < members.size(); ++i) {
      const Value known = known_part(members[i], c);
      infinite |= known.infinite;
      x[i] = known.finite;
      for (const Transition& t : chain_.row(members[i])) {
        if (parts_.of[t.target] == c)
          system.add(i, position(members, t.target), weight(t));
        else
          system.add_exit(i, weight(t));
      }
    }
    if (!infinite) {
      system.factor();
      system.solve(x);
    }
    for (std::size_t i = 0; i < members.size(); ++i) {
      values_[members[i]] = {infinite ? Rational(0) : x[i], infinite};
      limit_size(values_[members[i]]);
    }
  }

  static std::size_t position(std::span<const StateId> members, StateId s) {
    return static_cast<std::size_t>(std::find(members.begin(), members.end(), s) - members.begin());
  }

  void limit_size(const Value& v) {
    if (v.finite != 0 && msb(denominator(v.finite)) >= limits_.bits)
      refused_ = "numbers of more than " + std::to_string(limits_.bits) + " bits";
  }

  const Chain& chain_;
  Question question_;
  ExactLimits limits_;
  Marks cut_;
  Rewards rewards_;
  Components parts_;
  std::vector<Value> values_;
  std::vector<char> needed_;
  const std::vector<Value>* reached_ = nullptr;
  std::optional<std::string> refused_;
};

}  // namespace

Exact solve_exactly(const Chain& chain, const Question& question, const ExactLimits& limits) {
  if (question.kind != Ask::earned_if) return BackwardPass(chain, question, limits).run(nullptr);
  BackwardPass reach(chain, {Ask::passes, question.marks}, limits);
  const Exact reached = reach.run(nullptr);
  if (!reached.value || *reached.value == 0) return {{}, false, reached.refused};
  Exact earned = BackwardPass(chain, question, limits).run(&reach.values());
  if (earned.value) *earned.value /= *reached.value;
  return earned;
}

std::string certainty_text(double value, const Exact& exact) {
  if (exact.infinite) return "infinite";
  if (!exact.value) return exact.refused ? "not checked: " + *exact.refused : "undefined";
  const int digits = certain_digits(value, *exact.value);
  return decimal_text(*exact.value, std::clamp(digits, 1, 17)) + " (" + std::to_string(digits) +
         " digits certain)";
}

}  // namespace indoubt::markov
