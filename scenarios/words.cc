#include "scenarios/words.h"

#include <utility>

namespace indoubt {

Words::Words(std::string_view line, bool commas) {
  const std::string_view ends = commas ? " \t\n," : " \t\n";
  for (std::size_t i = 0; i < line.size();) {
    if (commas && line[i] == ',') {
      words_.push_back({line.substr(i, 1), i});
      ++i;
    } else if (ends.find(line[i]) != std::string_view::npos) {
      ++i;
    } else {
      const std::size_t n = std::min(line.find_first_of(ends, i), line.size()) - i;
      words_.push_back({line.substr(i, n), i});
      i += n;
    }
  }
  end_ = line.size();
}

Words Words::of_formula(std::string_view line, std::string_view punctuation) {
  const auto has = [](std::string_view set, char c) { return set.find(c) != set.npos; };
  const std::string ends = std::string(" \t\n\"").append(punctuation);
  Words words;
  words.end_ = line.size();
  for (std::size_t i = 0, n = 0; i < line.size(); i += n) {
    n = 1;
    if (has(" \t\n", line[i])) continue;
    if (line[i] == '"') {
      n = std::min(line.find('"', i + 1), line.size() - 1) + 1 - i;
    } else if (has(punctuation, line[i])) {
      n += has("<>!=", line[i]) && line.substr(i + 1, 1) == "=";
    } else {
      n = std::min(line.find_first_of(ends, i), line.size()) - i;
    }
    words.words_.push_back({line.substr(i, n), i});
  }
  return words;
}

bool Words::take_if(std::string_view text) {
  if (empty() || front().text != text) return false;
  ++next_;
  return true;
}

TextError error_at(const Word& word, std::string message) {
  return {std::move(message), word.offset, word.text.size()};
}

TextError shifted(TextError error, std::size_t by) {
  error.offset += by;
  return error;
}

}  // namespace indoubt
