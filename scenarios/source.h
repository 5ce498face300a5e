#pragma once
// A text with a name, cut into lines: what diagnostics point into.
#include <compare>
#include <string>
#include <string_view>
#include <vector>

namespace indoubt {

/// A byte of a text: 1-based line, 1-based column counted in bytes. {0, 0}: no place in particular.
struct Place {
  int line = 0, column = 0;
  Place after(std::size_t bytes) const { return {line, column + static_cast<int>(bytes)}; }
  auto operator<=>(const Place&) const = default;
};

class Source {
 public:
  /// `text` is at most 2^31 - 1 bytes. `name` is what a diagnostic calls the file.
  Source(std::string name, std::string text);

  const std::string& name() const { return name_; }
  std::string_view text() const { return text_; }
  int lines() const { return static_cast<int>(starts_.size()); }
  /// Line `number` without its end, empty outside 1..lines().
  std::string_view line(int number) const;
  /// Where the byte at `offset` <= text().size() stands.
  Place place_of(std::size_t offset) const;
  /// The text from `place` on; empty if there is no such place.
  std::string_view from(Place place) const;

 private:
  std::string name_, text_;
  std::vector<std::size_t> starts_;  ///< offset of each line's first byte
};

}  // namespace indoubt
