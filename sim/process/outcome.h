#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace indoubt {

/// What one process has decided. `none` is not an outcome of its own: nothing was decided (yet).
enum class Outcome : std::uint8_t { none, commit, abort };

/// What a participant answers when it is asked to prepare. `read_only`: it has changed nothing, so
/// the outcome does not matter to it and it takes no part in the second phase; counts as YES.
enum class LocalVote : std::uint8_t { no, yes, read_only };

/// Why a process decided to abort, where its protocol knows. A participant that is told the
/// decision, or aborts after its own NO, states nothing: `other`.
enum class AbortCause : std::uint8_t {
  no_vote,       ///< NO votes that had been received rule commit out
  vote_timeout,  ///< votes were missing when the time-out came
  other,
  ack_timeout,  ///< acknowledgements of PRE-COMMIT were missing
  unasked,      ///< a participant was not asked for its vote in time
  recovery,     ///< a process came back from a crash and knew of no decision
  termination,  ///< processes that missed the decision made one themselves
  heuristic,    ///< a participant in doubt decided alone, or an operator did; never a protocol
};
inline constexpr std::size_t kAbortCauses = 8;

constexpr std::string_view name(LocalVote v) {
  return v == LocalVote::no ? "NO" : v == LocalVote::yes ? "YES" : "READ";
}

constexpr std::string_view name(Outcome o) {
  return o == Outcome::commit ? "commit" : o == Outcome::abort ? "abort" : "none";
}

}  // namespace indoubt
