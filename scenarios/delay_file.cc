#include "scenarios/delay_file.h"

#include <algorithm>

#include "scenarios/csv_line.h"
#include "scenarios/quantity.h"
#include "scenarios/utf8.h"
#include "scenarios/words.h"

namespace indoubt {
namespace {

bool is_heading(const std::vector<Word>& cells) {
  return std::all_of(cells.begin(), cells.end(),
                     [](const Word& w) { return w.text == "delay" || w.text == "quantile"; });
}

class DelayReader {
 public:
  DelayReader(const Source& source, Diagnostics& errors) : source_(source), errors_(errors) {}

  void read(int line) {
    const std::string_view text = source_.line(line);
    const std::vector<Word> cells = cells_of(text);
    if (is_skipped(cells)) return;
    const bool first = columns_ == 0;
    if (first) columns_ = std::min<std::size_t>(cells.size(), 2);
    if (first && is_heading(cells)) return;
    if (cells.size() > 2 || cells.size() != columns_)
      return refuse(line,
                    {"expected " + std::string(columns_ == 2 ? "quantile,delay" : "one delay") +
                         " in each line, as in the first",
                     0, text.size()});
    if (cells.size() == 2) read_quantile(line, cells[0]);
    auto delay = parse_cell_duration(cells.back().text);
    if (!delay) return refuse(line, shifted(std::move(delay.error), cells.back().offset));
    delays_.push_back(static_cast<double>(delay.value->count()));
  }

  std::optional<Quantiles> quantiles() {
    if (failed_) return std::nullopt;
    if (delays_.empty()) {
      errors_.add_whole(source_.name(), "holds no delays");
      return std::nullopt;
    }
    if (columns_ == 1) take_sample();
    Quantiles out;
    for (std::size_t i = 0; i < delays_.size(); ++i) out.emplace_back(shares_[i], delays_[i]);
    return out;
  }

 private:
  void refuse(int line, const TextError& error) {
    failed_ = true;
    const Place place = Place{line, 1}.after(error.offset);
    errors_.add(source_, place, error.length, {}, error.message);
  }

  void read_quantile(int line, const Word& cell) {
    auto share = parse_probability(cell.text);
    if (!share) return refuse(line, shifted(std::move(share.error), cell.offset));
    shares_.push_back(*share.value);
  }

  /// The i-th smallest of n delays is the quantile i / (n - 1).
  void take_sample() {
    if (delays_.size() == 1) delays_.push_back(delays_.front());
    std::sort(delays_.begin(), delays_.end());
    const auto last = static_cast<double>(delays_.size() - 1);
    for (std::size_t i = 0; i < delays_.size(); ++i)
      shares_.push_back(static_cast<double>(i) / last);
  }

  const Source& source_;
  Diagnostics& errors_;
  std::size_t columns_ = 0;
  std::vector<double> shares_, delays_;
  bool failed_ = false;
};

}  // namespace

std::optional<Quantiles> read_delays(const Source& source, Diagnostics& errors) {
  if (const auto bad = first_unreadable(source.text())) {
    errors.add(source, source.place_of(*bad), 1, {},
               "this byte is not text; the file must be UTF-8");
    return std::nullopt;
  }
  DelayReader reader(source, errors);
  for (int line = 1; line <= source.lines(); ++line) reader.read(line);
  return reader.quantiles();
}

}  // namespace indoubt
