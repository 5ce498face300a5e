#include "scenarios/markdown.h"

namespace indoubt {
namespace {

std::string cell(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '|') out += '\\';
    out += c;
  }
  return out;
}

}  // namespace

MarkdownTable::MarkdownTable(std::initializer_list<std::string_view> headings) {
  add(headings);
  for (std::size_t i = 0; i < headings.size(); ++i) text_ += "|---";
  text_ += "|\n";
}

void MarkdownTable::add(std::initializer_list<std::string_view> cells) {
  for (const std::string_view c : cells) text_.append("| ").append(cell(c)).append(" ");
  text_ += "|\n";
}

std::string code(std::string_view word) {
  if (word.empty()) return {};
  return std::string("`").append(word).append("`");
}

}  // namespace indoubt
