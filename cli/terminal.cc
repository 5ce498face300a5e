#include "cli/terminal.h"

#include <unistd.h>

#include <cstdlib>

namespace indoubt {

Style::Style(ColorChoice choice) {
  const char* no_color = std::getenv("NO_COLOR");
  const bool refused = no_color != nullptr && *no_color != '\0';
  on_ = choice == ColorChoice::always ||
        (choice == ColorChoice::automatic && !refused && isatty(STDOUT_FILENO) == 1);
}

std::string Style::paint(const char* code, std::string_view s) const {
  if (!on_) return std::string(s);
  return "\x1b[" + std::string(code) + "m" + std::string(s) + "\x1b[0m";
}

bool stderr_is_terminal() { return isatty(STDERR_FILENO) == 1; }

int display_width(std::string_view s) {
  int width = 0;
  for (std::size_t i = 0; i < s.size(); ++i) {
    if (s[i] == '\x1b') {
      while (i < s.size() && s[i] != 'm') ++i;
      continue;
    }
    if ((static_cast<unsigned char>(s[i]) & 0xC0) != 0x80) ++width;  // not a continuation byte
  }
  return width;
}

}  // namespace indoubt
