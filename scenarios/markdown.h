#pragma once
// As much Markdown as the reference needs.
#include <initializer_list>
#include <string>
#include <string_view>

namespace indoubt {

/// A table, row by row. Cells are escaped where they would end early.
class MarkdownTable {
 public:
  explicit MarkdownTable(std::initializer_list<std::string_view> headings);
  void add(std::initializer_list<std::string_view> cells);
  /// The lines, and an empty one after them.
  std::string text() const { return text_ + "\n"; }

 private:
  std::string text_;
};

/// `word` between backquotes; nothing for nothing.
std::string code(std::string_view word);

}  // namespace indoubt
