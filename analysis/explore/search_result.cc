#include "analysis/explore/search_result.h"

namespace indoubt {

std::string_view name_of(Stop stop) {
  switch (stop) {
    case Stop::complete: return "complete";
    case Stop::violation: return "violation";
    case Stop::states: return "states";
    case Stop::memory: return "memory";
    case Stop::time: return "time";
    case Stop::depth: return "depth";
    case Stop::interrupted: return "interrupted";
    case Stop::wider: return "wider";
    case Stop::limit: return "limit";
  }
  return "?";
}

}  // namespace indoubt
