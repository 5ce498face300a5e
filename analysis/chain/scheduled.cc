#include "analysis/chain/scheduled.h"

#include <cmath>

#include "analysis/chain/measures.h"
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
    for (std::size_t i = 0; i < out.occupancy.size(); ++i)
      if (built_.chain.kind(static_cast<StateId>(i)) == Kind::exponential ||
          built_.chain.absorbing(static_cast<StateId>(i)))  // waits for a switch
        out.occupancy[i] += t.occupancy[i];
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

Answer Scheduled::value(const Values& values, Solver&) const {
  if (all_.refused) return {std::nullopt, 0, *all_.refused};
  Sum sum;
  for (std::size_t i = 0; i < all_.at.size(); ++i)
    if (all_.at[i] != 0) sum.add_product(static_cast<double>(all_.at[i]), values.by_state[i]);
  return {sum.value(), all_.error + values.residual, ""};
}

Answer Scheduled::time_to(Marks marks, Solver& solver) {
  const Run timed = run(kForever, marks, true);
  if (timed.refused) return {std::nullopt, 0, *timed.refused};
  const Values reached = solver.solve({Question::Kind::passes, marks, kTime});
  const Values rest = solver.solve({Question::Kind::time_to, marks, kTime});
  Sum sum, certain;
  for (std::size_t i = 0; i < timed.at.size(); ++i) {
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
