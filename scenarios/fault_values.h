#pragma once
// The ways in which single values of faults are written.
#include <string>
#include <vector>

#include "scenarios/fields.h"
#include "scenarios/trace_file.h"
#include "sim/scenario/faults.h"

namespace indoubt {

extern const Syntax<std::string> kFaultName;         ///< unique; letters, digits, -, _ and .
extern const Syntax<Point> kPoint;                   ///< see point_parser.h
extern const Syntax<Who> kSiteName;                  ///< whoever a fault can concern
extern const Syntax<std::vector<Who>> kSiteNames;    ///< one, or a list of them
extern const Syntax<std::vector<Who>> kZoneNames;    ///< of zones
extern const Syntax<std::vector<Who>> kZoneMembers;  ///< a list of sites
extern const Syntax<std::vector<std::vector<Who>>> kGroups;  ///< two or more, disjoint
extern const Syntax<std::string> kMessageType;               ///< empty: `any`
extern const Syntax<FailureTrace> kTraceFile;
extern const Syntax<std::vector<std::uint64_t>> kTransactionNumbers;  ///< from 0, increasing
extern const Syntax<int> kOrdinal;                                    ///< 1 to 1000000
extern const Syntax<double> kFactor;                                  ///< 1 to 1000000
extern const Syntax<double> kClockRate;                               ///< 0.01 to 100
extern const Syntax<Duration> kSignedDuration;
extern const Syntax<Outcome> kDecision;   ///< commit | abort
extern const Syntax<bool> kLogLost;       ///< kept | lost
extern const Syntax<bool> kMessagesHeld;  ///< lost | held
extern const Syntax<bool> kLyingDisk;     ///< crash | lie

}  // namespace indoubt
