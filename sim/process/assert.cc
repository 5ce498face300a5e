#include "sim/process/assert.h"

#include <cstdio>
#include <cstdlib>

namespace indoubt {

void assertion_failed(const char* what, const char* file, int line) {
  std::fprintf(stderr, "indoubt: internal error: %s:%d: assertion failed: %s\n", file, line, what);
  std::abort();
}

}  // namespace indoubt
