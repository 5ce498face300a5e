#pragma once
// As much of UTF-8 as pointing at a character on a terminal needs.
#include <cstddef>
#include <optional>
#include <string_view>

namespace indoubt {

/// One character: its bytes, its code point, and the columns a terminal gives it.
struct Character {
  std::size_t bytes = 1;
  char32_t code = 0;
  bool valid = false;  ///< false: the byte is not the beginning of a well-formed character
  int width() const;   ///< 0, 1 or 2
};

/// The first character of a text that is not empty.
Character first_character(std::string_view text);

/// Number of characters; each malformed byte counts as one.
int count_characters(std::string_view text);

/// Offset of the first byte that a scenario may not hold: malformed UTF-8, or a control character
/// other than tab, line feed, and carriage return before a line feed.
std::optional<std::size_t> first_unreadable(std::string_view text);

}  // namespace indoubt
