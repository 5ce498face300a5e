#include "scenarios/trace_file.h"

#include "scenarios/concat.h"
#include "scenarios/csv_line.h"
#include "scenarios/utf8.h"

namespace indoubt {
namespace {

class TraceReader {
 public:
  TraceReader(const Source& source, Diagnostics& errors) : source_(source), errors_(errors) {}

  void read(int line) {
    const std::string_view text = source_.line(line);
    const std::vector<Word> cells = cells_of(text);
    if (is_skipped(cells)) return;
    const bool heading = cells.size() == 2 && cells[0].text == "begin" && cells[1].text == "end";
    if (heading && trace_.empty()) return;
    if (cells.size() != 2)
      return refuse(line, {"expected begin,end in each line, like 10s,12.5s", 0, text.size()});
    const auto begin = time(line, cells[0]);
    const auto end = time(line, cells[1]);
    if (begin && end) add(line, cells, *begin, *end);
  }

  std::optional<FailureTrace> trace() {
    if (failed_) return std::nullopt;
    if (!trace_.empty()) return std::move(trace_);
    errors_.add_whole(source_.name(), "holds no failures; write begin,end in each line");
    return std::nullopt;
  }

 private:
  void add(int line, const std::vector<Word>& cells, Duration begin, Duration end) {
    if (end <= begin)
      return refuse(line, error_at(cells[1], concat({in_quotes(cells[1].text),
                                                     " is not after the begin of the failure"})));
    if (!trace_.empty() && begin < trace_.back().second)
      return refuse(line, error_at(cells[0], concat({in_quotes(cells[0].text),
                                                     " is before the end of the failure in the "
                                                     "line above; failures stand in order and "
                                                     "apart"})));
    trace_.emplace_back(begin, end);
  }

  std::optional<Duration> time(int line, const Word& cell) {
    auto parsed = parse_cell_duration(cell.text);
    if (parsed) return *parsed.value;
    refuse(line, shifted(std::move(parsed.error), cell.offset));
    return std::nullopt;
  }

  void refuse(int line, const TextError& error) {
    failed_ = true;
    errors_.add(source_, Place{line, 1}.after(error.offset), error.length, {}, error.message);
  }

  const Source& source_;
  Diagnostics& errors_;
  FailureTrace trace_;
  bool failed_ = false;
};

}  // namespace

std::optional<FailureTrace> read_trace(const Source& source, Diagnostics& errors) {
  if (const auto bad = first_unreadable(source.text())) {
    errors.add(source, source.place_of(*bad), 1, {},
               "this byte is not text; the file must be UTF-8");
    return std::nullopt;
  }
  TraceReader reader(source, errors);
  for (int line = 1; line <= source.lines(); ++line) reader.read(line);
  return reader.trace();
}

}  // namespace indoubt
