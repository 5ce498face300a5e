#pragma once
// What engines disagree on, for the message of a test.
#include <string>

#include "scenarios/four_verdicts.h"

namespace indoubt {

/// A line for each pair that disagrees; empty if none does.
std::string disagreements(const VerdictTable& table);

}  // namespace indoubt
