// Goal: distributions at a time equal closed forms, and the stated errors hold.
#include "analysis/chain/transient.h"

#include <gtest/gtest.h>

#include <cmath>

#include "analysis/chain/poisson.h"
#include "analysis/chain/solver.h"
#include "tests/chain/make_chain.h"

namespace indoubt::markov {
namespace {

double by(const Chain& chain, double time, const char* mark) {
  TransientOptions options;
  options.stop = *chain.find_mark(mark);
  const Transient t = after(chain, at_start(chain), time, options);
  EXPECT_FALSE(t.refused.has_value());
  EXPECT_LE(t.truncation + t.rounding, 1e-13);
  return probability(chain, t.at, options.stop);
}

TEST(PoissonWeights, SumToOneAroundTheModeAndMatchTheFormula) {
  for (const double mean : {1e-3, 0.5, 1.0, 5.0, 40.0, 1000.0, 1e6}) {
    const PoissonWeights p = poisson_weights(mean, 1e-14);
    long double sum = 0;
    for (std::size_t i = 0; i < p.weights.size(); ++i) {
      sum += p.weights[i];
      const auto k = static_cast<long double>(p.left + i);
      const long double m = mean, log = k * std::log(m) - m - std::lgamma(k + 1);
      const auto wanted = static_cast<double>(std::exp(log));
      EXPECT_NEAR(static_cast<double>(p.weights[i]), wanted, 1e-11 * wanted + 1e-16);
    }
    EXPECT_NEAR(static_cast<double>(sum), 1, 1e-17);
    EXPECT_LE(p.truncated, 1e-14);
    EXPECT_LE(static_cast<double>(p.weights.size()), 20 * std::sqrt(mean) + 30);
  }
  EXPECT_EQ(poisson_weights(0, 1e-14).weights, std::vector<long double>{1});
}

TEST(Transient, OneExponentialIsItsDistributionFunction) {
  const Chain chain = line_of_rates({Rational(1, 5)});
  for (const double t : {0.0, 0.1, 1.0, 7.0, 100.0})
    EXPECT_NEAR(by(chain, t, "end"), -std::expm1(-t / 5), 1e-15);
}

TEST(Transient, ErlangHasItsSeries) {
  const Chain chain = line_of_rates(std::vector<Rational>(6, 2));
  for (const double t : {0.5, 3.0, 20.0}) {
    double tail = 0, term = std::exp(-2 * t);
    for (int k = 0; k < 6; ++k, term *= 2 * t / k) tail += term;
    EXPECT_NEAR(by(chain, t, "end"), 1 - tail, 1e-14);
  }
}

TEST(Transient, HypoexponentialHasItsPartialFractions) {
  const std::vector<double> rates{0.5, 1, 2.5, 4, 9};
  const Chain chain = line_of_rates({Rational(1, 2), 1, Rational(5, 2), 4, 9});
  for (const double t : {0.2, 1.0, 4.0, 15.0}) {
    long double tail = 0;
    for (const long double a : rates) {
      long double c = 1;
      for (const long double b : rates)
        if (a != b) c *= b / (b - a);
      tail += c * std::exp(-a * t);
    }
    EXPECT_NEAR(by(chain, t, "end"), static_cast<double>(1 - tail), 1e-13);
  }
}

/// M/M/1 with room for `room` customers; state i holds i, all marked with their number.
Chain queue(std::uint32_t room, const Rational& arrivals, const Rational& services) {
  Chain chain;
  for (std::uint32_t i = 0; i <= room; ++i) {
    chain.add_state(Kind::exponential, chain.add_mark(std::to_string(i)));
    if (i < room) chain.add_transition(i + 1, chain.weights().constant(arrivals));
    if (i > 0) chain.add_transition(i - 1, chain.weights().constant(services));
  }
  return chain;
}

TEST(Transient, QueueWithARoomHasTheSpectralForm) {
  // Takacs, "Introduction to the Theory of Queues" (1962), ch. 1: from i customers to n at t.
  const int room = 8, from = 2;
  const double a = 0.7, s = 1.3, rho = a / s;
  Chain chain = queue(room, Rational(7, 10), Rational(13, 10));
  chain.set_start(from);
  for (const double t : {0.0, 0.4, 3.0, 25.0}) {
    const Transient at = after(chain, at_start(chain), t);
    for (int n = 0; n <= room; ++n) {
      double sum = 0;
      for (int k = 1; k <= room; ++k) {
        const double angle = k * std::acos(-1.0) / (room + 1);
        const double x = 1 + rho - 2 * std::sqrt(rho) * std::cos(angle);
        const auto wave = [&](int i) {
          return std::sin(i * angle) - std::sqrt(rho) * std::sin((i + 1) * angle);
        };
        sum += wave(from) * wave(n) * std::exp(-s * x * t) / x;
      }
      const double steady = (1 - rho) * std::pow(rho, n) / (1 - std::pow(rho, room + 1));
      const double wanted = steady + 2.0 / (room + 1) * std::pow(rho, (n - from) / 2.0) * sum;
      EXPECT_NEAR(static_cast<double>(at.at[static_cast<std::size_t>(n)]), wanted, 1e-12)
          << n << " at " << t;
    }
  }
}

/// Three participants' votes, each two exponential delays of mean 1 away: "commit" when all are in.
struct VoteCollection {
  Chain chain;
  Marks commit = 0, abort = 0;
  Kernel timeout{};
};

VoteCollection vote_collection() {
  VoteCollection v{two_phase_commit_chain(3)};
  v.commit = *v.chain.find_mark("decided");
  v.abort = v.chain.add_mark("abort");
  const StateId aborted = v.chain.add_state(Kind::exponential, v.abort);
  for (StateId s = 0; s < aborted; ++s)
    if ((v.chain.marks(s) & v.commit) == 0) v.timeout.add(s, aborted);
  return v;
}

TEST(ScheduledSwitch, GivesTheClosedFormOfAConstantVoteTimeout) {
  const VoteCollection v = vote_collection();
  TransientOptions options;
  options.stop = v.commit;
  const Transient before = after(v.chain, at_start(v.chain), 5, options);
  const Distribution at = v.timeout.apply(before.at);
  const double commit = probability(v.chain, at, v.commit);
  EXPECT_NEAR(commit, std::pow(1 - 6 * std::exp(-5.0), 3), 1e-15);
  EXPECT_NEAR(commit, 0.883554071530, 5e-13);
  EXPECT_NEAR(commit + probability(v.chain, at, v.abort), 1, 1e-16);
}

TEST(ScheduledSwitch, OccupancyGivesTheMeanTimeThatATimeoutCutsShort) {
  // E[min(X, 5)] of the decision time X is the integral of 1 - F.
  const VoteCollection v = vote_collection();
  TransientOptions options;
  options.stop = v.commit;
  options.occupancy = true;
  const Transient t = after(v.chain, at_start(v.chain), 5, options);
  double mean = 0, wanted = 0;
  for (const double time : t.occupancy) mean += time;
  const auto tail = [](double x) { return 1 - std::pow(1 - (1 + x) * std::exp(-x), 3); };
  const int steps = 2000;  // Simpson
  for (int i = 0; i <= steps; ++i)
    wanted += tail(5.0 * i / steps) * (i == 0 || i == steps ? 1 : i % 2 == 1 ? 4 : 2);
  EXPECT_NEAR(mean, wanted * 5 / steps / 3, 1e-12);
}

TEST(ScheduledSwitch, OccupancyCountsTheWaitForTheSwitchOnRequest) {
  // At rate 1 into a state that only a switch at 5 ends: E[max(0, 5 - X)] there.
  Chain chain;
  const WeightId one = chain.weights().constant(Rational(1));
  chain.add_state(Kind::exponential, 0);
  chain.add_transition(1, one);
  chain.add_state(Kind::exponential, 0);
  TransientOptions options;
  options.occupancy = true;
  EXPECT_EQ(after(chain, at_start(chain), 5, options).occupancy[1], 0);
  options.waiting = true;
  EXPECT_NEAR(after(chain, at_start(chain), 5, options).occupancy[1], 4 + std::exp(-5.0), 1e-12);
}

TEST(Transient, RunsInPiecesAsInOne) {
  Chain chain = queue(20, 3, 2);
  const Transient whole = after(chain, at_start(chain), 6);
  const Transient half = after(chain, at_start(chain), 2.5);
  const Transient rest = after(chain, half.at, 3.5);
  for (StateId s = 0; s < chain.states(); ++s)
    EXPECT_NEAR(static_cast<double>(whole.at[s]), static_cast<double>(rest.at[s]), 1e-15);
}

TEST(Transient, PassesImmediateStatesInNoTime) {
  // A message that arrives at rate 1 is lost on the way with probability 1/4, or splits once more.
  Chain chain;
  const Marks end = chain.add_mark("end"), lost = chain.add_mark("lost");
  Weights& w = chain.weights();
  const WeightId half = w.constant(Rational(1, 2));
  chain.add_state(Kind::step, 0);
  chain.add_transition(1, half);
  chain.add_transition(4, half);
  chain.add_state(Kind::exponential, 0);
  chain.add_transition(2, Weights::kOne);
  chain.add_state(Kind::step, 0);
  chain.add_transition(3, w.constant(Rational(3, 4)));
  chain.add_transition(5, w.constant(Rational(1, 4)));
  chain.add_state(Kind::step, 0);
  chain.add_transition(4, half);
  chain.add_transition(5, half);
  chain.add_state(Kind::step, end);
  chain.add_state(Kind::step, lost);
  TransientOptions options;
  options.occupancy = true;
  const Transient t = after(chain, at_start(chain), 2, options);
  const double arrived = 0.5 * -std::expm1(-2.0);
  EXPECT_NEAR(probability(chain, t.at, end), 0.5 + arrived * 3 / 8, 1e-15);
  EXPECT_NEAR(probability(chain, t.at, lost), arrived * 5 / 8, 1e-15);
  EXPECT_NEAR(t.occupancy[2], arrived, 1e-15);
  EXPECT_NEAR(t.occupancy[3], arrived * 3 / 4, 1e-15);
  EXPECT_NEAR(t.occupancy[1], arrived, 1e-15) << "half a state of rate 1";
  const Transient now = after(chain, at_start(chain), 0);
  EXPECT_EQ(now.at[1], 0.5L);
  EXPECT_EQ(now.at[0], 0);
  EXPECT_EQ(now.at[4], 0.5L);
}

TEST(Transient, KeepsItsErrorOverStiffRates) {
  // Delays of a millisecond and a repair of a second: fast states take 10,000 steps.
  const Chain chain = line_of_rates({Rational(1, 1000), Rational(1, 1'000'000)});
  const double fast = 1e-3, slow = 1e-6, t = 1e7;
  const double wanted =
      1 - (fast * std::exp(-slow * t) - slow * std::exp(-fast * t)) / (fast - slow);
  EXPECT_NEAR(by(chain, t, "end"), wanted, 1e-13);
}

TEST(Transient, StopsOnceNothingMoves) {
  const Chain chain = line_of_rates({1, 1});
  const Transient t = after(chain, at_start(chain), 1e6);
  EXPECT_LT(t.steps, 1000u);
  EXPECT_EQ(probability(chain, t.at, 1), 1);
}

TEST(Transient, RefusesWhatIsNotMarkov) {
  const Chain clocked = gambler(3, 1, Rational(1, 2));
  EXPECT_TRUE(after(clocked, at_start(clocked), 1).refused.has_value());
  Chain loop;
  loop.add_state(Kind::step, 0);
  loop.add_transition(1, Weights::kOne);
  loop.add_state(Kind::step, 0);
  loop.add_transition(0, Weights::kOne);
  EXPECT_TRUE(after(loop, at_start(loop), 1).refused.has_value());
  const Chain fast = line_of_rates({1'000'000, 1});
  TransientOptions few;
  few.most_steps = 1000;
  EXPECT_TRUE(after(fast, at_start(fast), 1, few).refused.has_value());
}

}  // namespace
}  // namespace indoubt::markov
