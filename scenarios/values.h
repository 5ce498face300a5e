#pragma once
// The ways in which single values are written. The parsers are in quantity.h and latency_text.h.
#include <cstdint>
#include <string>

#include "scenarios/fields.h"
#include "sim/latency/latency.h"
#include "sim/scenario/scenario.h"

namespace indoubt {

extern const Syntax<int> kFormatVersion;  ///< 1
extern const Syntax<std::string> kText;   ///< one line
extern const Syntax<double> kProbability;
extern const Syntax<Duration> kDuration;
extern const Syntax<Duration> kPositiveDuration;
extern const Syntax<std::uint64_t> kPositiveCount;  ///< 1 to 10^15
extern const Syntax<std::uint64_t> kSeed;           ///< any 64-bit number
extern const Syntax<int> kParticipantCount;         ///< 1 to kMostProcesses - 1
extern const Syntax<int> kWeight;                   ///< 0 to kMostWeight
extern const Syntax<bool> kYesNo;                   ///< yes | no
extern const Syntax<int> kAttempts;                 ///< 1 to 1000
extern const Syntax<bool> kRequestId;               ///< new | repeated
extern const Syntax<bool> kSitePlace;               ///< own | coordinator
extern const Syntax<bool> kMessageOrder;            ///< none | fifo
extern const Syntax<Sites> kSites;                  ///< fresh | shared
extern const Syntax<Arrivals> kArrivals;
extern const Syntax<Latency> kLatency;                       ///< latency_value.cc
extern const Syntax<std::optional<Latency>> kTimeoutLength;  ///< a latency or `never`
extern const Syntax<std::optional<Latency>> kRepairTime;     ///< the same; may be 0
extern const Syntax<Latency> kFailureGap;                    ///< a latency above 0
extern const Syntax<std::string> kLinkEnd;                   ///< a service's name or "coordinator"

/// In quorums: the sum of all weights must fit an int.
inline constexpr std::uint64_t kMostWeight = 10'000;
/// The most transactions of a run: sums of their times in nanoseconds must fit their counters.
inline constexpr std::uint64_t kMostTransactions = 1'000'000'000'000'000;

}  // namespace indoubt
