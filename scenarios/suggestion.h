#pragma once
// "did you mean": the known word nearest to a mistyped one.
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace indoubt {

/// Number of single-character insertions, deletions, replacements and exchanges of neighbours that
/// turn a into b (Damerau 1964; each substring edited at most once). Letters' case and the choice
/// of
/// '-', '_' and ' ' cost nothing. O(|a| |b|).
int edit_distance(std::string_view a, std::string_view b);

/// The candidate nearest to `word`, if it is near enough to be what was meant; else empty. Of
/// equally near ones the first.
std::string_view nearest(std::string_view word, std::span<const std::string_view> candidates);

/// "a, b, c"; "(none)" for no words.
std::string listed(std::span<const std::string_view> words);

/// "; did you mean b? <what>: a, b, c", the question only where there is one.
std::string choices(std::string_view word, std::string_view what,
                    std::span<const std::string_view> candidates);

}  // namespace indoubt
