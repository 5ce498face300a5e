#pragma once
// Parts of the reference that have files of their own.
#include <string>
#include <vector>

#include "scenarios/fields.h"

namespace indoubt {

/// A table of keys, and an empty line after it.
std::string rows_text(const std::vector<const Field*>& rows);
/// The kinds of faults, when they strike, points and sites.
std::string faults_reference();

}  // namespace indoubt
