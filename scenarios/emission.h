#pragma once
// The shortest way to an answer of the explorer as a scenario file that runs into the same.
#include <span>
#include <string>

#include "analysis/explore/explorer.h"
#include "scenarios/loader.h"

namespace indoubt {

/// A file, or why there is none. Exactly one of the two texts is empty.
struct Emission {
  std::string text;     ///< of a scenario file; what it expects holds when it is run
  std::string problem;  ///< a sentence
};

/// `answer` is one of an exploration of `scenario` with `use`, for which `machine` was made.
/// `comment`: lines that begin the file. Every file is loaded and run before it is given: one
/// transaction, in which the answer's property must be found. The moves get times that fit to one
/// length of each timer and, where need be, to slow clocks; a trace for which there are none, or
/// that has what a scenario cannot say, gives a problem.
Emission emit_scenario(const Scenario& scenario, const ProtocolUse& use, const Machine& machine,
                       const Answer& answer, std::span<const std::string> comment);

}  // namespace indoubt
