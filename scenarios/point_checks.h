#pragma once
// Whether the points that faults name exist.
#include "scenarios/reader.h"

namespace indoubt {

/// An error for a point that no protocol of the file has, at whoever the fault concerns; a note for
/// one that some have. What is not known for certain is taken to exist. Requires a file read
/// without errors.
void check_points(Reader& reader);

}  // namespace indoubt
