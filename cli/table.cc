#include "cli/table.h"

#include <algorithm>

#include "cli/terminal.h"
#include "sim/process/assert.h"

namespace indoubt {

void Table::add(std::vector<std::string> cells) {
  INDOUBT_ASSERT(cells.size() <= columns_.size());
  cells.resize(columns_.size());
  rows_.push_back(std::move(cells));
}

std::vector<int> Table::widths() const {
  std::vector<int> width(columns_.size(), 0);
  for (const auto& row : rows_)
    for (std::size_t c = 0; c < row.size(); ++c)
      width[c] = std::max(width[c], display_width(row[c]));
  return width;
}

int Table::width() const {
  int sum = -2;
  for (const int w : widths()) sum += w + 2;
  return sum;
}

std::string Table::text(int indent) const {
  const std::vector<int> width = widths();
  std::string out;
  for (const auto& row : rows_) {
    std::string line(static_cast<std::size_t>(indent), ' ');
    for (std::size_t c = 0; c < row.size(); ++c) {
      if (c != 0) line += "  ";
      const std::string pad(static_cast<std::size_t>(width[c] - display_width(row[c])), ' ');
      line += columns_[c] == Align::left ? row[c] + pad : pad + row[c];
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  }
  return out;
}

}  // namespace indoubt
