// Goal: every question about hundreds of random chains, acyclic and cyclic, discrete and
// continuous, agrees with a dense solution by Eigen and with rational arithmetic.
#include <gtest/gtest.h>

#include <Eigen/Dense>
#include <cmath>
#include <string>

#include "analysis/chain/components.h"
#include "analysis/chain/exact.h"
#include "analysis/chain/solver.h"
#include "tests/chain/make_chain.h"

namespace indoubt::markov {
namespace {

using Ask = Question::Kind;

std::vector<Question> questions(const Chain& chain) {
  const Marks good = *chain.find_mark("good"), odd = *chain.find_mark("odd");
  const CounterId coins = *chain.find_counter("coins");
  return {{Ask::ends, good},
          {Ask::passes, odd},
          {Ask::earned, 0, coins},
          {Ask::earned, odd, coins},
          {Ask::earned, 0, kTime},
          {Ask::time_to, good},
          {Ask::earned_if, odd, kTime},
          {Ask::earned_if, good, coins}};
}

RandomChain recipe_of(std::uint64_t seed) {
  RandomChain r;
  r.seed = seed;
  r.states = 8 + static_cast<std::uint32_t>(seed % 17);
  r.cyclic = seed % 2 == 1;
  r.exponential = seed % 4 >= 2;
  return r;
}

void expect_equal(double got, const Exact& exact, const std::string& where, int digits = 14) {
  ASSERT_FALSE(exact.refused.has_value()) << where << ": " << *exact.refused;
  if (exact.infinite) {
    EXPECT_EQ(got, HUGE_VAL) << where;
  } else if (!exact.value) {
    EXPECT_TRUE(std::isnan(got)) << where;
  } else {
    EXPECT_GE(certain_digits(got, *exact.value), digits)
        << where << ": " << got << ", exactly " << decimal_text(*exact.value, 20);
  }
}

TEST(RandomChains, AgreeWithRationalArithmetic) {
  int infinite = 0, cycles = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    const Chain chain = make_random(recipe_of(seed));
    chain.check();
    Solver solver(chain);
    cycles += solver.shape().cyclic > 0;
    for (const Question& q : questions(chain)) {
      const Values v = solver.solve(q);
      const Exact exact = solve_exactly(chain, q);
      infinite += exact.infinite;
      expect_equal(
          v.at_start, exact,
          "seed " + std::to_string(seed) + " question " + std::to_string(static_cast<int>(q.kind)));
      EXPECT_LE(v.residual, 1e-14);
    }
  }
  EXPECT_GT(infinite, 100);
  EXPECT_GT(cycles, 150);
}

TEST(RandomChains, AgreeWhenLargeComponentsGoToSparseLU) {
  for (std::uint64_t seed = 1; seed < 200; seed += 2) {
    const Chain chain = make_random(recipe_of(seed));
    Solver solver(chain, {0, 3});
    for (const Question& q : questions(chain))
      expect_equal(solver.solve(q).at_start, solve_exactly(chain, q),
                   "seed " + std::to_string(seed), 12);
  }
}

/// P(passes) and E[earned] by one dense system over the states that are not absorbing or cut.
Eigen::VectorXd dense(const Chain& chain, const Question& q) {
  const auto n = static_cast<Eigen::Index>(chain.states());
  Eigen::MatrixXd a = Eigen::MatrixXd::Identity(n, n);
  Eigen::VectorXd b = Eigen::VectorXd::Zero(n);
  const bool probability = q.kind == Ask::passes;
  for (StateId s = 0; s < chain.states(); ++s) {
    const bool cut = (chain.marks(s) & q.marks) != 0;
    if (cut && probability) b[s] = 1;
    if (cut) continue;
    double total = 0;
    for (const Transition& t : chain.row(s)) total += chain.weights().value(t.weight);
    std::int64_t per_time = 0;
    for (const Gain& g : chain.earnings()[static_cast<std::size_t>(chain.earning(s))])
      if (g.counter == q.counter) per_time += g.amount;
    if (chain.kind(s) == Kind::exponential && !probability)
      b[s] += static_cast<double>(per_time) / total;
    for (const Transition& t : chain.row(s)) {
      const double p = chain.weights().value(t.weight) / total;
      const Effect& e = chain.effects()[static_cast<std::size_t>(t.effect)];
      a(s, t.target) -= p;
      if (probability) continue;
      b[s] += p * static_cast<double>(per_time * e.elapsed);
      for (const Gain& g : e.gains)
        if (g.counter == q.counter) b[s] += p * static_cast<double>(g.amount);
    }
  }
  return a.partialPivLu().solve(b);
}

TEST(RandomChains, AgreeWithADenseSolutionInEveryState) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    const Chain chain = make_random(recipe_of(seed));
    Solver solver(chain);
    const Marks odd = *chain.find_mark("odd");
    const CounterId coins = *chain.find_counter("coins");
    for (const Question& q : {Question{Ask::passes, odd}, Question{Ask::earned, 0, coins},
                              Question{Ask::earned, odd, coins}}) {
      const std::vector<double> x = solver.solve(q).by_state;
      const Eigen::VectorXd wanted = dense(chain, q);
      for (StateId s = 0; s < chain.states(); ++s)
        EXPECT_NEAR(x[s], wanted[s], 1e-10 * (1 + wanted[s])) << "seed " << seed << " state " << s;
    }
  }
}

TEST(RandomChains, VisitsTimesEarningsIsWhatIsEarned) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const Chain chain = make_random(recipe_of(seed));
    Solver solver(chain);
    const CounterId coins = *chain.find_counter("coins");
    const std::vector<double> visits = solver.occupancy(0);
    double sum = 0;
    for (StateId s = 0; s < chain.states(); ++s) {
      const auto amount = [&](const Gains& gains) {
        double total = 0;
        for (const Gain& g : gains) total += static_cast<double>(g.amount);
        return total;
      };
      const double rate = amount(chain.earnings()[static_cast<std::size_t>(chain.earning(s))]);
      if (chain.kind(s) == Kind::exponential) sum += visits[s] * rate;
      for (const Transition& t : chain.row(s)) {
        const Effect& e = chain.effects()[static_cast<std::size_t>(t.effect)];
        sum += visits[s] * chain.weights().value(t.weight) *
               (amount(e.gains) + rate * static_cast<double>(e.elapsed));
      }
    }
    const double wanted = solver.solve({Ask::earned, 0, coins}).at_start;
    EXPECT_NEAR(sum, wanted, 1e-12 * wanted) << "seed " << seed;
  }
}

/// Components by definition: mutual reachability.
std::vector<std::vector<bool>> reachability(const Chain& chain, Marks cut) {
  const std::size_t n = chain.states();
  std::vector<std::vector<bool>> reach(n, std::vector<bool>(n, false));
  for (StateId s = 0; s < n; ++s) {
    reach[s][s] = true;
    if ((chain.marks(s) & cut) == 0)
      for (const Transition& t : chain.row(s)) reach[s][t.target] = true;
  }
  for (std::size_t k = 0; k < n; ++k)
    for (std::size_t i = 0; i < n; ++i)
      if (reach[i][k])
        for (std::size_t j = 0; j < n; ++j)
          if (reach[k][j]) reach[i][j] = true;
  return reach;
}

TEST(Components, AreMutualReachabilityInAnOrderThatLeadsBack) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const Chain chain = make_random(recipe_of(seed));
    const Marks cut = seed % 3 == 0 ? *chain.find_mark("odd") : 0;
    const Components c = find_components(chain, cut);
    const auto reach = reachability(chain, cut);
    ASSERT_EQ(c.order.size(), chain.states());
    for (StateId i = 0; i < chain.states(); ++i)
      for (StateId j = 0; j < chain.states(); ++j) {
        EXPECT_EQ(c.of[i] == c.of[j], reach[i][j] && reach[j][i]);
        EXPECT_TRUE(!reach[i][j] || c.of[i] >= c.of[j]);
      }
  }
}

}  // namespace
}  // namespace indoubt::markov
