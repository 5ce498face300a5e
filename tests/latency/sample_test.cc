// Goal: samples are clamped, whole and bit-identical on every build, and use up their draw's words.
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "tests/latency/make_latency.h"

namespace indoubt {
namespace {

using namespace std::chrono_literals;

const Draws kSource(1, 0);
constexpr DrawPlace kPlace{7, Purpose::link, 3, 5};

TEST(LatencySample, DefaultIsConstantZero) {
  const Latency latency;
  EXPECT_EQ(latency.kind, find_latency("constant"));
  EXPECT_TRUE(latency.is_zero());
  EXPECT_EQ(draw(latency, 1), 0ns);
}

TEST(LatencySample, ConstantTakesNoWord) {
  DrawWords words(kSource, kPlace, 42);
  EXPECT_EQ(Latency::constant(5ms).sample(words), 5ms);
  EXPECT_EQ(words(), 42u);
}

TEST(LatencySample, ExponentialTakesOneWordInNearlyAllDraws) {
  const Latency latency = Latency::exponential(1ms);
  int single = 0;
  constexpr int kCount = 100'000;
  for (int n = 0; n < kCount; ++n) {
    const DrawPlace place{static_cast<std::uint64_t>(n), Purpose::link, 0, 0};
    DrawWords words(kSource, place);
    latency.sample(words);
    single += words() == kSource.more(place, 1)[0];
  }
  // The mean of x[i + 1] / x[i] over the 256 layers of the ziggurat.
  constexpr double kShare = 0.977780;
  EXPECT_NEAR(single, kShare * kCount, 4 * std::sqrt(kShare * (1 - kShare) * kCount));
}

TEST(LatencySample, LeavesTheWordsOneFurtherForEachThatItTook) {
  DrawWords words(kSource, kPlace);
  make_latency("uniform", {1e6, 9e6}).sample(words);
  make_latency("pareto", {1e6, 2}).sample(words);
  EXPECT_EQ(words(), kSource.more(kPlace, 1)[1]);
}

TEST(LatencySample, MinimumIsAddedToEveryDraw) {
  for (const Latency& latency : one_of_each_kind()) {
    for (std::uint64_t n = 0; n < 100; ++n) {
      EXPECT_EQ(draw(with_minimum(latency, 3ms), n), draw(latency, n) + 3ms) << latency.text();
    }
  }
}

TEST(LatencySample, NeverExceedsTheLongestDelay) {
  constexpr double kMost = static_cast<double>(kLongest.count());
  for (const Latency& latency :
       {make_latency("exponential", {kMost}), make_latency("erlang", {2, kMost}),
        make_latency("lognormal", {kMost, 10}), make_latency("pareto", {kMost, 0.1}),
        with_minimum(Latency::constant(kLongest), kLongest)}) {
    EXPECT_FALSE(latency.kind->check(latency));
    bool reached = false;
    for (std::uint64_t n = 0; n < 1000; ++n) {
      EXPECT_LE(draw(latency, n), kLongest) << latency.text();
      EXPECT_GE(draw(latency, n), 0ns) << latency.text();
      reached |= draw(latency, n) == kLongest;
    }
    EXPECT_TRUE(reached) << latency.text();
  }
}

TEST(LatencySample, FractionsOfANanosecondAreCutOff) {
  EXPECT_EQ(draw(make_latency("uniform", {7.9, 7.9}), 1), 7ns);
}

TEST(LatencySample, StaysWithinTheStatedRange) {
  for (const Latency& base : one_of_each_kind()) {
    const Latency latency = with_minimum(base, 2ms);
    for (std::uint64_t n = 0; n < 10'000; ++n) {
      const double x = static_cast<double>(draw(latency, n).count());
      ASSERT_GE(x, std::floor(latency.range().low)) << latency.text();
      ASSERT_LE(x, latency.range().high) << latency.text();
    }
  }
}

TEST(LatencySample, RangeIsUnboundedExactlyWhereTheKindIs) {
  for (const Latency& latency : one_of_each_kind()) {
    const auto name = latency.kind->name;
    const bool bounded = name == "constant" || name == "uniform" || name == "empirical";
    EXPECT_EQ(std::isfinite(latency.range().high), bounded) << latency.text();
  }
  EXPECT_EQ(with_minimum(make_latency("uniform", {1e6, 9e6}), 2ms).range().low, 3e6);
  EXPECT_EQ(with_minimum(make_latency("uniform", {1e6, 9e6}), 2ms).range().high, 11e6);
  EXPECT_EQ(make_latency("lognormal", {5e6, 0}).range().high, 5e6);
}

/// The exact bits of eight draws of a kind, before they are cut to whole nanoseconds.
struct Pinned {
  Latency latency;
  std::vector<double> draws;
};

TEST(LatencySample, FirstDrawsArePinnedToTheBit) {
  const std::vector<Pinned> all = {
      {make_latency("uniform", {1e6, 9e6}),
       {0x1.a3985aeed4547p+22, 0x1.37dabf1df8c1cp+22, 0x1.82a0a3069eccfp+20, 0x1.1536f0d81942bp+22,
        0x1.6a791fa1d5b78p+21, 0x1.ba90e9ba83e2bp+21}},
      {Latency::exponential(5ms),
       {0x1.0ec3f389d7d75p+24, 0x1.594a8080aa988p+23, 0x1.41589791ac7f4p+20, 0x1.17c8780d8bc73p+21,
        0x1.65c5cc186091ap+19, 0x1.91f3b3efc41b1p+20}},
      {make_latency("erlang", {4, 5e6}),
       {0x1.0b5f75c961c53p+23, 0x1.998a7f421a8dbp+22, 0x1.304d6c27c52fbp+22, 0x1.0f98f4d7e1d22p+22,
        0x1.b1dfeb24b6abep+22, 0x1.1596d9b7fc0b8p+22}},
      {make_latency("lognormal", {4e6, 0.6}),
       {0x1.1982fd8c77f1ep+20, 0x1.19148310cf78ep+23, 0x1.b7ad20189835p+21, 0x1.67a7b75756113p+21,
        0x1.b0a80cde280b2p+21, 0x1.315f74601edd1p+22}},
      {make_latency("pareto", {3e6, 3}),
       {0x1.1cd4cb5a4696bp+22, 0x1.d1aebdea5a225p+21, 0x1.77935e4a2284ep+21, 0x1.bd049824976f7p+21,
        0x1.92624aa3bcc1cp+21, 0x1.a222435a4e34bp+21}},
      {make_latency("weibull", {5e6, 0.8}),
       {0x1.73a3160af25f3p+24, 0x1.a77f8b8dfc26ep+23, 0x1.cc5b1c0dde4ap+19, 0x1.cc6d9600468f8p+20,
        0x1.bab841a29ab74p+18, 0x1.307c07c41ece5p+20}},
      {make_empirical({{0, 1e6}, {0.5, 2e6}, {0.9, 6e6}, {1, 50e6}}),
       {0x1.091831aa89698p+22, 0x1.04d65dcaede48p+21, 0x1.17c328c1a7b34p+20, 0x1.cc51f0d81942bp+20,
        0x1.6c578fd0eadbcp+20, 0x1.946374dd41f16p+20}},
  };
  for (const Pinned& pinned : all) {
    for (std::uint64_t n = 0; n < pinned.draws.size(); ++n) {
      DrawWords words(kSource, {n, Purpose::link, 0, 0});
      const double x = pinned.latency.kind->sample(pinned.latency, words);
      EXPECT_EQ(x, pinned.draws[n]) << pinned.latency.text() << ", draw " << n;
    }
  }
}

/// All bits of very many draws at once: rare paths of the rejection methods too.
TEST(LatencySample, HundredThousandDrawsHaveThePinnedHash) {
  const std::vector<std::uint64_t> pinned = {
      0x8fdc040000000000u, 0x7c9f7e7bf8c5e5edu, 0x1811b0f76d3456c6u, 0xed16ed3385bdd44bu,
      0x78f6142b41247ee2u, 0x14a8c0e4c34707fau, 0x3720ed6242c5ae2du, 0x342331beb5b66797u};
  const std::vector<Latency> kinds = one_of_each_kind();
  ASSERT_EQ(pinned.size(), kinds.size());
  for (std::size_t k = 0; k < kinds.size(); ++k) {
    std::uint64_t hash = 0;
    for (std::uint64_t n = 0; n < 100'000; ++n) {
      DrawWords words(kSource, {n, Purpose::link, 0, 0});
      const double x = kinds[k].kind->sample(kinds[k], words);
      std::uint64_t bits;
      std::memcpy(&bits, &x, sizeof bits);
      hash = (hash ^ bits) * 0x9E3779B97F4A7C15u;
    }
    EXPECT_EQ(hash, pinned[k]) << kinds[k].text();
  }
}

}  // namespace
}  // namespace indoubt
