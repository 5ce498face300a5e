#pragma once
// Lines of the CSV files that scenarios name.
#include <string_view>
#include <vector>

#include "scenarios/quantity.h"
#include "scenarios/words.h"

namespace indoubt {

/// What stands between the commas, without spaces around it; at least one cell.
std::vector<Word> cells_of(std::string_view line);
/// An empty line, or one that begins with #.
bool is_skipped(const std::vector<Word>& cells);
/// "5.2ms", or a number of milliseconds.
Parsed<Duration> parse_cell_duration(std::string_view text);

}  // namespace indoubt
