#include "scenarios/csv_line.h"

#include <algorithm>

#include "scenarios/decimal.h"

namespace indoubt {
namespace {

Word trimmed(std::string_view line, std::size_t first, std::size_t end) {
  while (first < end && (line[first] == ' ' || line[first] == '\t')) ++first;
  while (end > first && (line[end - 1] == ' ' || line[end - 1] == '\t')) --end;
  return {line.substr(first, end - first), first};
}

}  // namespace

std::vector<Word> cells_of(std::string_view line) {
  std::vector<Word> cells;
  for (std::size_t first = 0;;) {
    const std::size_t comma = std::min(line.find(',', first), line.size());
    cells.push_back(trimmed(line, first, comma));
    if (comma == line.size()) return cells;
    first = comma + 1;
  }
}

bool is_skipped(const std::vector<Word>& cells) {
  const std::string_view first = cells.front().text;
  return (cells.size() == 1 && first.empty()) || first.substr(0, 1) == "#";
}

Parsed<Duration> parse_cell_duration(std::string_view text) {
  const auto number = parse_decimal(text);
  return parse_duration(number ? std::string(text) + "ms" : std::string(text));
}

}  // namespace indoubt
