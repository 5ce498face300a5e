#pragma once
#include <string>
#include <vector>

namespace indoubt {

/// Rows of cells, printed in aligned columns two spaces apart.
class Table {
 public:
  enum class Align : unsigned char { left, right };
  /// One entry for each column.
  explicit Table(std::vector<Align> columns) : columns_(std::move(columns)) {}
  /// Missing cells are empty. Requires no more cells than columns.
  void add(std::vector<std::string> cells);
  /// Columns that the widest line takes, without indentation.
  int width() const;
  /// Every line begins with `indent` spaces and has no spaces at its end.
  std::string text(int indent = 0) const;

 private:
  std::vector<int> widths() const;
  std::vector<Align> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace indoubt
