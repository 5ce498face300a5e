#include "scenarios/utf8.h"

#include <array>

namespace indoubt {
namespace {

struct Range {
  char32_t first, last;
};

// Blocks that terminals show two columns wide (Unicode Standard Annex 11, W and F), coarsely.
constexpr std::array<Range, 9> kWide{{{0x1100, 0x115F},
                                      {0x2E80, 0xA4CF},
                                      {0xAC00, 0xD7A3},
                                      {0xF900, 0xFAFF},
                                      {0xFE30, 0xFE6F},
                                      {0xFF00, 0xFF60},
                                      {0xFFE0, 0xFFE6},
                                      {0x1F300, 0x1FAFF},
                                      {0x20000, 0x3FFFD}}};
constexpr std::array<Range, 4> kNoWidth{
    {{0x0300, 0x036F}, {0x200B, 0x200F}, {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}}};

template <std::size_t kSize>
bool within(const std::array<Range, kSize>& ranges, char32_t c) {
  for (const Range& r : ranges)
    if (r.first <= c && c <= r.last) return true;
  return false;
}

std::size_t length_of(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead < 0xE0) return 2;
  if (lead >= 0xE0 && lead < 0xF0) return 3;
  if (lead >= 0xF0 && lead < 0xF5) return 4;
  return 0;
}

// Overlong forms, surrogates and code points beyond Unicode are malformed.
bool allowed(char32_t code, std::size_t bytes) {
  constexpr std::array<char32_t, 5> kLeast{0, 0, 0x80, 0x800, 0x10000};
  return code >= kLeast[bytes] && code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF);
}

bool is_control(char32_t c) { return c < 0x20 || (c >= 0x7F && c < 0xA0); }

}  // namespace

int Character::width() const {
  if (!valid) return 1;
  if (within(kNoWidth, code)) return 0;
  return within(kWide, code) ? 2 : 1;
}

Character first_character(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const std::size_t length = length_of(byte(0));
  if (length == 0 || length > text.size()) return {};
  if (length == 1) return {1, byte(0), true};
  char32_t code = byte(0) & (0xFFu >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return {};
    code = code << 6 | (byte(i) & 0x3F);
  }
  return allowed(code, length) ? Character{length, code, true} : Character{};
}

int count_characters(std::string_view text) {
  int n = 0;
  for (; !text.empty(); text.remove_prefix(first_character(text).bytes)) ++n;
  return n;
}

std::optional<std::size_t> first_unreadable(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const Character c = first_character(text.substr(i));
    const bool end_of_line = c.code == '\n' || (c.code == '\r' && text.substr(i, 2) == "\r\n");
    if (!c.valid || (is_control(c.code) && c.code != '\t' && !end_of_line)) return i;
    i += c.bytes;
  }
  return std::nullopt;
}

}  // namespace indoubt
