#pragma once
#include <cstdint>

namespace indoubt {

/// Calls of operator new so far in this test program, which replaces it to count them.
std::uint64_t allocations();
/// Bytes that those calls asked for.
std::uint64_t allocated_bytes();
/// Most bytes that were allocated at one moment since the last call; then starts anew.
std::uint64_t take_peak_bytes();

}  // namespace indoubt
