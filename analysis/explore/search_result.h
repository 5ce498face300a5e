#pragma once
#include <array>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace indoubt {

/// Why a search ended.
enum class Stop : std::uint8_t {
  complete,     ///< every reachable world was visited
  violation,    ///< a violating mark was met, and the goals say to stop there
  states,       ///< incomplete: Bounds::states
  memory,       ///< incomplete: Bounds::memory_bytes
  time,         ///< incomplete: Bounds::seconds
  depth,        ///< incomplete: worlds at Bounds::depth were not expanded
  interrupted,  ///< incomplete: the progress callback said so
  wider,        ///< incomplete: the model needs wider worlds; begin again with them
  limit,        ///< incomplete: a limit of the model, in SearchResult::reason
};

/// True for the ends after which "no world does x" is not known.
constexpr bool incomplete(Stop stop) { return stop != Stop::complete && stop != Stop::violation; }

/// One word for the end, e.g. "memory".
std::string_view name_of(Stop stop);

/// What a search may use. A bound that is reached ends the search with its name; nothing is killed.
struct Bounds {
  std::uint64_t states = std::numeric_limits<std::uint64_t>::max();
  /// Set of visited worlds (both tables while it grows) and levels; programs and stacks are apart.
  std::uint64_t memory_bytes = std::uint64_t{4} << 30;
  double seconds = std::numeric_limits<double>::infinity();  ///< only ever used to stop
  int depth = std::numeric_limits<int>::max();               ///< most steps from the initial world
  int threads = 2;                                           ///< at least 1
};

inline constexpr int kMarks = 32;

/// Which marks the search looks for.
struct Goals {
  std::uint32_t violations = 0;   ///< bit k: mark k is a violation
  bool stop_at_violation = true;  ///< at the end of the level that has one; otherwise go on
  bool keep_levels = false;       ///< all levels stay in memory, for stranded()
};

/// What was seen of one mark.
struct MarkCount {
  /// Worlds with the mark, in the levels that were visited whole.
  std::uint64_t worlds = 0;
  /// Fewest steps from the initial world to one with the mark; -1: not met. Exact also in the last
  /// level of an incomplete search (`worlds` can be 0 then), unless time or an interrupt ended it.
  int depth = -1;
};

/// What a search saw. Everything here is the same for any number of threads, save where time or an
/// interrupt ended the search. Numbers are of the levels that were visited whole.
struct SearchResult {
  Stop stop = Stop::complete;
  std::string reason;             ///< for Stop::limit, the model's words
  std::uint64_t states = 0;       ///< distinct worlds, the initial one included
  std::uint64_t transitions = 0;  ///< successors generated, stuttering ones included
  int levels = 0;                 ///< one more than the depth of the deepest world
  std::array<MarkCount, kMarks> marks{};
  std::uint64_t memory_bytes = 0;  ///< most that was in use, counted as Bounds::memory_bytes is
};

/// A moment of a running search.
struct SearchProgress {
  std::uint64_t states = 0;      ///< about
  double states_per_second = 0;  ///< new ones, since the report before
  int depth = 0;                 ///< of the worlds that are being expanded
  std::uint64_t frontier = 0;    ///< how many these are
  std::uint64_t memory_bytes = 0;
};

/// Called by the thread that called the search, about every second; false interrupts the search.
using ProgressReport = std::function<bool(const SearchProgress&)>;

}  // namespace indoubt
