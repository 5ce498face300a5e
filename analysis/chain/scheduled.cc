#include "analysis/chain/scheduled.h"

#include <algorithm>
#include <cmath>

#include "analysis/chain/measures.h"
#include "analysis/chain/rewards.h"
#include "analysis/chain/sum.h"

namespace indoubt::markov {

Scheduled::Scheduled(const BuiltChain& built) : built_(built), all_(run(kForever, 0, false)) {}

Scheduled::Run Scheduled::run(std::int64_t until, Marks stop, bool occupancy) const {
  Run out;
  out.at = at_start(built_.chain);
  if (occupancy) out.occupancy.assign(built_.chain.states(), 0);
  TransientOptions options;
  options.stop = stop;
  options.occupancy = options.waiting = occupancy;
  const auto go = [&](std::int64_t length) {
    Transient t = after(built_.chain, out.at, static_cast<double>(length), options);
    out.refused = t.refused;
    if (t.refused) return;
    out.error += t.truncation + t.rounding;
    for (std::size_t i = 0; i < out.occupancy.size(); ++i) out.occupancy[i] += t.occupancy[i];
    out.at = std::move(t.at);
  };
  std::int64_t now = 0;
  const auto& switches = built_.switches;
  for (std::size_t i = 0; i < switches.size() && switches[i].at <= until && !out.refused;) {
    const std::int64_t at = switches[i].at;
    go(at - now);
    if (out.refused) return out;
    now = at;
    Kernel kernel;
    for (; i < switches.size() && switches[i].at == at; ++i)
      if ((built_.chain.marks(switches[i].from) & stop) == 0)
        kernel.add(switches[i].from, switches[i].to);
    out.at = kernel.apply(out.at);
  }
  if (!out.refused) go(until == kForever ? 0 : until - now);
  return out;
}

Answer Scheduled::weighted(const Run& run, const Values& values) const {
  if (run.refused) return {std::nullopt, 0, *run.refused};
  Sum sum;
  for (std::size_t i = 0; i < run.at.size(); ++i)
    if (run.at[i] != 0) sum.add_product(static_cast<double>(run.at[i]), values.by_state[i]);
  return {sum.value(), run.error + values.residual, ""};
}

Answer Scheduled::value(const Values& values) const { return weighted(all_, values); }

Answer Scheduled::passes(Marks marks, Solver& solver) const {
  return weighted(run(kForever, marks, false),
                  solver.solve({Question::Kind::passes, marks, kTime}));
}

Answer Scheduled::earned(CounterId counter, const Values& rest) {
  if (!counted_) counted_ = run(kForever, 0, true);
  Answer answer = weighted(*counted_, rest);
  if (!answer.value) return answer;
  const Rewards rewards(built_.chain, counter);
  Sum sum;
  sum.add(*answer.value);
  for (StateId s = 0; s < built_.chain.states(); ++s) {
    const double times = counted_->occupancy[s];
    if (times == 0) continue;
    if (built_.chain.kind(s) == Kind::exponential)
      sum.add_product(times, static_cast<double>(rewards.per_time(s)));
    for (const Transition& t : built_.chain.row(s)) {
      const auto gain = static_cast<double>(rewards.along(s, t));
      sum.add_product(times * built_.chain.weights().value(t.weight), gain);
    }
  }
  answer.value = sum.value();
  answer.error = counted_->error * std::max(1.0, std::abs(sum.value())) + rest.residual;
  return answer;
}

Answer Scheduled::time_to(Marks marks, Solver& solver) {
  const Run timed = run(kForever, marks, true);
  if (timed.refused) return {std::nullopt, 0, *timed.refused};
  const Values reached = solver.solve({Question::Kind::passes, marks, kTime});
  const Values rest = solver.solve({Question::Kind::time_to, marks, kTime});
  Sum sum, certain;
  for (std::size_t i = 0; i < timed.at.size(); ++i) {
    if (built_.chain.kind(static_cast<StateId>(i)) == Kind::exponential)
      sum.add(timed.occupancy[i]);
    if (timed.at[i] == 0) continue;
    certain.add_product(static_cast<double>(timed.at[i]), reached.by_state[i]);
    if (reached.by_state[i] > 1 - 1e-9)
      sum.add_product(static_cast<double>(timed.at[i]), rest.by_state[i]);
  }
  if (certain.value() < 1 - 1e-9)
    return {std::nullopt, 0,
            "the mean over those that come to it is not solved where constant time-outs switch"};
  return {sum.value(), timed.error * sum.value(), ""};
}

Answer Scheduled::by(Marks marks, std::int64_t time) const {
  const Run timed = run(time, marks, false);
  if (timed.refused) return {std::nullopt, 0, *timed.refused};
  return {probability(built_.chain, timed.at, marks), timed.error, ""};
}

}  // namespace indoubt::markov
