#pragma once
#include <cstdint>
#include <string_view>

namespace indoubt {

/// What one process has decided. `none` is not an outcome of its own: nothing was decided (yet).
enum class Outcome : std::uint8_t { none, commit, abort };

constexpr std::string_view name(Outcome o) {
  return o == Outcome::commit ? "commit" : o == Outcome::abort ? "abort" : "none";
}

}  // namespace indoubt
