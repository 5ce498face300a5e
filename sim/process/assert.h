#pragma once

namespace indoubt {

/// Prints what failed and where to stderr and aborts. Never returns.
[[noreturn]] void assertion_failed(const char* what, const char* file, int line);

}  // namespace indoubt

/// A mistake of the programmer, never of the user. Stays on in release builds.
#define INDOUBT_ASSERT(condition)                                                                  \
  (__builtin_expect(!(condition), 0) ? ::indoubt::assertion_failed(#condition, __FILE__, __LINE__) \
                                     : void())

/// The same for the hottest loops: off where NDEBUG is defined.
#ifdef NDEBUG
#define INDOUBT_DEBUG_ASSERT(condition) void(0)
#else
#define INDOUBT_DEBUG_ASSERT(condition) INDOUBT_ASSERT(condition)
#endif
