#pragma once
// Whether the points that faults name exist.
#include "scenarios/reader.h"

namespace indoubt {

/// An error for a point that no protocol of the file has, at whoever the fault concerns; a note for
/// one that some have. What is not known for certain is taken to exist, and a fault with
/// other errors is left alone. Requires sound protocols and services that take each other, and
/// sound zones.
void check_points(Reader& reader);

}  // namespace indoubt
