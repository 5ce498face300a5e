#pragma once
// A line cut into words, each with its place: for the small grammars inside scalars.
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/quantity.h"

namespace indoubt {

struct Word {
  std::string_view text;
  std::size_t offset = 0;  ///< in the line
};

/// The words of a line that are still to be read. A cheap copy reads ahead.
class Words {
 public:
  /// Words are parted by spaces; a comma is a word of its own if `commas` says so. `line` must
  /// outlive the words.
  explicit Words(std::string_view line, bool commas = false);
  /// The words of a formula: besides spaces, characters of `punctuation` part words and are words
  /// of their own, where = behind another one joins it, as in >=. What stands between quotation
  /// marks, these included, is one word.
  static Words of_formula(std::string_view line, std::string_view punctuation);

  bool empty() const { return next_ == words_.size(); }
  std::size_t size() const { return words_.size() - next_; }
  /// The i-th word to come. Requires i < size().
  const Word& operator[](std::size_t i) const { return words_[next_ + i]; }
  const Word& front() const { return words_[next_]; }
  Word take() { return words_[next_++]; }
  /// Takes the next word if it is `text`.
  bool take_if(std::string_view text);
  /// The next word, or the end of the line.
  Word here() const { return empty() ? Word{{}, end_} : front(); }

 private:
  Words() = default;
  std::vector<Word> words_;
  std::size_t next_ = 0, end_ = 0;
};

TextError error_at(const Word& word, std::string message);
/// An error inside a text that begins `by` bytes into a longer one.
TextError shifted(TextError error, std::size_t by);

}  // namespace indoubt
