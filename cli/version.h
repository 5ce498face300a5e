#pragma once
#include <string>

namespace indoubt {

/// "0.1.0"
extern const char* const kVersion;
/// Version, compiler, flags and library versions, a line each.
std::string version_text();

}  // namespace indoubt
