#include "analysis/chain/measures.h"

#include <algorithm>
#include <cmath>

#include "analysis/chain/passage.h"
#include "analysis/chain/transient.h"
#include "sim/process/assert.h"
#include "sim/process/role.h"

namespace indoubt::markov {
namespace {

enum class Form { ends, passes, counted, shared, time_if, doubt, time_of_some };

struct Definition {
  std::string_view name;
  Form form;
  std::string_view what;       ///< mark or counter
  bool settled = false;        ///< by the coordinator's decision
  std::string_view some = {};  ///< time_of_some: over those that ever have this mark
};

constexpr Definition kDefinitions[] = {
    {"commit", Form::ends, "commit", true},
    {"abort", Form::ends, "abort", true},
    {"abort.no_vote", Form::ends, "abort.no_vote", true},
    {"abort.vote_timeout", Form::ends, "abort.vote_timeout", true},
    {"abort.other", Form::ends, "abort.other", true},
    {"abort.ack_timeout", Form::ends, "abort.ack_timeout", true},
    {"abort.unasked", Form::ends, "abort.unasked", true},
    {"abort.recovery", Form::ends, "abort.recovery", true},
    {"abort.termination", Form::ends, "abort.termination", true},
    {"abort.heuristic", Form::ends, "abort.heuristic", true},
    {"no_decision", Form::ends, "no_decision", true},
    {"blocked", Form::ends, "blocked"},
    {"abandoned", Form::ends, "abandoned"},
    {"coordinator_decided", Form::ends, "coordinator_decided"},
    {"some_committed", Form::ends, "some_committed"},
    {"some_aborted", Form::ends, "some_aborted"},
    {"all_committed", Form::ends, "all_committed"},
    {"none_committed", Form::ends, "none_committed"},
    {"all_aborted", Form::ends, "all_aborted"},
    {"mixed", Form::ends, "mixed"},
    {"all_learnt", Form::ends, "all_learnt"},
    {"stranded", Form::ends, "stranded"},
    {"crashed", Form::ends, "crashed"},
    {"ever_blocked", Form::passes, "blocked_at_end"},
    {"blocked_at_end", Form::ends, "blocked_at_end"},
    {"violation.agreement", Form::ends, "violation.agreement"},
    {"violation.stability", Form::ends, "violation.stability"},
    {"violation.validity", Form::ends, "violation.validity"},
    {"violation.nontriviality", Form::ends, "violation.nontriviality"},
    {"violation.termination", Form::ends, "violation.termination"},
    {"decision_time", Form::time_if, kDecided, true},
    {"completion_time", Form::time_if, kCompleted},
    {"in_doubt_time", Form::doubt, "in_doubt"},
    {"in_doubt_any_time", Form::time_of_some, "in_doubt_any", false, kDoubted},
    {"in_doubt_sum_time", Form::time_of_some, "in_doubt", false, kDoubted},
    {"in_doubt_down_time", Form::time_of_some, "in_doubt_down", false, kDoubtedDown},
    {"blocked_time", Form::time_of_some, "blocked", false, "blocked_at_end"},
    {"blocked_sum_time", Form::time_of_some, "blocked_sum", false, "blocked_at_end"},
    {"messages", Form::counted, "messages"},
    {"forced_writes", Form::counted, "forced_writes"},
    {"unforced_writes", Form::counted, "unforced_writes"},
    {"messages.coordinator", Form::counted, "messages.coordinator"},
    {"messages.participants", Form::counted, "messages.participants"},
    {"messages.acceptors", Form::counted, "messages.acceptors"},
    {"messages.backups", Form::counted, "messages.backups"},
    {"forced_writes.coordinator", Form::counted, "forced_writes.coordinator"},
    {"forced_writes.participants", Form::counted, "forced_writes.participants"},
    {"forced_writes.acceptors", Form::counted, "forced_writes.acceptors"},
    {"forced_writes.backups", Form::counted, "forced_writes.backups"},
    {"unforced_writes.coordinator", Form::counted, "unforced_writes.coordinator"},
    {"unforced_writes.participants", Form::counted, "unforced_writes.participants"},
    {"unforced_writes.acceptors", Form::counted, "unforced_writes.acceptors"},
    {"unforced_writes.backups", Form::counted, "unforced_writes.backups"},
    {"amortised_writes", Form::shared, ""},
    {"asked", Form::counted, "asked"},
    {"yes_votes", Form::counted, "yes_votes"},
};

const Definition* find(std::string_view name) {
  const auto at = std::find_if(std::begin(kDefinitions), std::end(kDefinitions),
                               [&](const Definition& d) { return d.name == name; });
  return at == std::end(kDefinitions) ? nullptr : at;
}

constexpr const char* kEndless =
    "infinite: some transactions go on for ever; a run counts until it retires them or until their "
    "horizon";

Answer without(std::string reason) { return {std::nullopt, 0, std::move(reason)}; }

}  // namespace

struct ChainMeasures::Parts {
  explicit Parts(const BuiltChain& b) : built(b), solver(b.chain) {
    if (built.clocks == Clocks::mixed) scheduled.emplace(built);
  }

  Marks marks(std::string_view name) const {
    const std::optional<Marks> found = built.chain.find_mark(name);
    INDOUBT_ASSERT(found.has_value());
    return *found;
  }
  CounterId counter(std::string_view name) const {
    const std::optional<CounterId> found = built.chain.find_counter(name);
    INDOUBT_ASSERT(found.has_value());
    return *found;
  }
  const Values& solved(const Question& q) {
    const auto key = std::tuple(q.kind, q.marks, q.counter);
    const auto found = known.find(key);
    if (found != known.end()) return found->second;
    return known.emplace(key, solver.solve(q)).first->second;
  }

  Answer number(const Question& q) {
    if (scheduled) return scheduled->value(solved(q));
    const Values& v = solved(q);
    return {v.at_start, v.residual, ""};
  }
  Answer earned(CounterId c) {
    const Values& v = solved({Question::Kind::earned, 0, c});
    if (scheduled) return scheduled->earned(c, v);
    return {v.at_start, v.residual, ""};
  }
  Answer passes(Marks m) {
    if (scheduled) return scheduled->passes(m, solver);
    return number({Question::Kind::passes, m, kTime});
  }
  Answer counted(std::string_view name) {
    const bool whole =
        name.find('.') == std::string_view::npos && name != "asked" && name != "yes_votes";
    if (!whole && !built.chain.find_counter(name)) return without(std::string(kNotAsked));
    Answer sum{0.0, 0, ""};
    const auto add = [&](const std::string& counter_name) {
      const Answer part = earned(counter(counter_name));
      *sum.value += part.value.value_or(0);
      sum.error = std::max(sum.error, part.error);
      if (!part.value) sum.reason = part.reason;
    };
    if (whole) {
      for (const Role role : kEveryRole) {
        const std::string part = std::string(name) + "." + std::string(indoubt::name(role));
        if (built.chain.find_counter(part)) add(part);
      }
    } else {
      add(std::string(name));
    }
    if (!sum.reason.empty()) return without(sum.reason);
    if (!std::isfinite(*sum.value))
      return without(
          "infinite: some transactions send for ever; a run counts until it retires "
          "them or their horizon");
    return sum;
  }
  Answer time_if(std::string_view mark) {
    if (scheduled) return scheduled->time_to(marks(mark), solver);
    const Values& v = solved({Question::Kind::earned_if, marks(mark), kTime});
    if (std::isnan(v.at_start)) return without("no transaction comes to it");
    return {v.at_start, v.residual, ""};
  }
  /// Transactions by the number of their participants that were in doubt.
  Answer doubt() {
    if (scheduled) return without("not solved where constant time-outs switch");
    double sum = 0, weight = 0, error = 0;
    for (int k = 1; k <= kMostDoubts; ++k) {
      const Marks end = marks(kDoubts + std::to_string(k));
      const double p = solved({Question::Kind::passes, end, kTime}).at_start;
      if (p == 0) continue;
      if (k == kMostDoubts) return without("participants are in doubt too often");
      const Values& v = solved({Question::Kind::earned_if, end, counter("in_doubt")});
      sum += p * v.at_start / k;
      weight += p;
      error = std::max(error, v.residual);
    }
    const double doubted = solved({Question::Kind::passes, marks(kDoubted), kTime}).at_start;
    if (doubted == 0) return without("nobody is ever in doubt");
    if (weight < doubted * (1 - 1e-12)) return without(kEndless);
    return {sum / weight, error, ""};
  }
  /// Transactions without any of it add nothing to the sum.
  Answer time_of_some(std::string_view name, std::string_view some) {
    const Answer ever = passes(marks(some));
    if (!ever.value) return ever;
    if (*ever.value == 0) return without("no transaction has such a time");
    Answer sum = earned(counter(name));
    if (!sum.value) return sum;
    if (!std::isfinite(*sum.value)) return without(kEndless);
    *sum.value /= *ever.value;
    return sum;
  }

  const BuiltChain& built;
  Solver solver;
  std::optional<Scheduled> scheduled;
  std::map<std::tuple<Question::Kind, Marks, CounterId>, Values> known;
};

ChainMeasures::ChainMeasures(const BuiltChain& built) : parts_(std::make_unique<Parts>(built)) {}
ChainMeasures::~ChainMeasures() = default;
ChainMeasures::ChainMeasures(ChainMeasures&&) noexcept = default;

const std::vector<std::string>& ChainMeasures::names() {
  static const std::vector<std::string> all = [] {
    std::vector<std::string> names;
    for (const Definition& d : kDefinitions) names.emplace_back(d.name);
    return names;
  }();
  return all;
}

bool ChainMeasures::is_time(std::string_view name) {
  const Definition* d = find(name);
  return d != nullptr &&
         (d->form == Form::time_if || d->form == Form::doubt || d->form == Form::time_of_some);
}

Answer ChainMeasures::answer(std::string_view name) {
  Parts& p = *parts_;
  const Definition* d = find(name);
  if (d == nullptr) return p.number({Question::Kind::ends, p.marks(name), kTime});
  if (p.built.until_decided && !d->settled)
    return without("not settled by the coordinator's decision");
  switch (d->form) {
    case Form::ends: return p.number({Question::Kind::ends, p.marks(d->what), kTime});
    case Form::passes: return p.passes(p.marks(d->what));
    case Form::counted: return p.counted(d->what);
    case Form::shared:
      if (p.built.shared_record_every == 0) return without(kNotAsked);
      return {1.0 / p.built.shared_record_every, 0, ""};
    case Form::time_if: return p.time_if(d->what);
    case Form::doubt: return p.doubt();
    case Form::time_of_some: return p.time_of_some(d->what, d->some);
  }
  return {};
}

Answer ChainMeasures::by(std::string_view mark, std::int64_t time) {
  Parts& p = *parts_;
  const Marks marks = p.marks(mark);
  if (p.built.clocks == Clocks::mixed) return p.scheduled->by(marks, time);
  if (p.built.clocks == Clocks::constant) {
    const Passage passage = markov::passage(p.built.chain, marks, {.horizon = time});
    if (passage.refused) return without(*passage.refused);
    return {passage.by(time), 0, ""};
  }
  TransientOptions options;
  options.stop = marks;
  const Transient t =
      after(p.built.chain, at_start(p.built.chain), static_cast<double>(time), options);
  if (t.refused) return without(*t.refused);
  return {probability(p.built.chain, t.at, marks), t.truncation + t.rounding, ""};
}

std::vector<Sensitivity> ChainMeasures::sensitivities(std::string_view name) {
  Parts& p = *parts_;
  if (p.scheduled) return {};
  const Values& values = p.solved({Question::Kind::ends, p.marks(name), kTime});
  const std::vector<double> slopes = p.solver.gradient(values);
  std::vector<Sensitivity> all;
  const Weights& weights = p.built.chain.weights();
  for (std::size_t i = 0; i < slopes.size(); ++i) {
    const auto id = static_cast<ParameterId>(i);
    all.push_back({weights.name(id), weights.value(weights.of(id)), slopes[i]});
  }
  std::stable_sort(all.begin(), all.end(), [](const Sensitivity& a, const Sensitivity& b) {
    return std::abs(a.slope * a.value) > std::abs(b.slope * b.value);
  });
  return all;
}

std::optional<Exact> ChainMeasures::exactly(std::string_view name) {
  Parts& p = *parts_;
  const Definition* d = find(name);
  if (p.scheduled || d == nullptr || (d->form != Form::ends && d->form != Form::passes))
    return std::nullopt;
  const auto kind = d->form == Form::ends ? Question::Kind::ends : Question::Kind::passes;
  return solve_exactly(p.built.chain, {kind, p.marks(d->what), kTime});
}

Solver::Shape ChainMeasures::shape() const { return parts_->solver.shape(); }

}  // namespace indoubt::markov
