#pragma once
// What the terminal can show.
#include <string>
#include <string_view>

namespace indoubt {

enum class ColorChoice { automatic, always, never };

/// Colours words of the result on stdout, or leaves them alone: `--color`, then NO_COLOR, then
/// whether stdout is a terminal.
class Style {
 public:
  explicit Style(ColorChoice choice);
  std::string good(std::string_view s) const { return paint("32", s); }
  std::string bad(std::string_view s) const { return paint("31", s); }
  std::string warning(std::string_view s) const { return paint("33", s); }
  std::string strong(std::string_view s) const { return paint("1", s); }
  std::string faint(std::string_view s) const { return paint("2", s); }

 private:
  std::string paint(const char* code, std::string_view s) const;
  bool on_;
};

/// Whether stderr is a terminal: progress is shown there only.
bool stderr_is_terminal();

/// Columns that a UTF-8 text with colour codes takes on the screen.
int display_width(std::string_view s);

}  // namespace indoubt
