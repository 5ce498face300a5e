#pragma once
// What is wrong with a scenario, said so that it can be mended: where, what was found, what is
// allowed. All diagnostics of a file are collected and reported together.
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "scenarios/source.h"

namespace indoubt {

struct Diagnostic {
  std::string file;     ///< as the user gave it
  int line = 0;         ///< from 1; 0: the file as a whole
  int column = 0;       ///< from 1, in characters
  std::string key;      ///< dotted path, e.g. "services.payment.vote_yes"; may be empty
  std::string message;  ///< what was found, and what is allowed
  std::string excerpt;  ///< the source line around the place, clipped, without control characters
  std::string
      marker;  ///< stands below `excerpt`: spaces and tabs, then ^ and ~ under what is meant
};

/// "file:line:column: key: message", the source line, and the marker; each line ends with a
/// newline.
std::string text(const Diagnostic& d);

/// Collects the diagnostics of one file.
class Diagnostics {
 public:
  /// More than this many are counted but not kept: nobody mends two hundred errors from one list.
  static constexpr std::size_t kMost = 200;

  /// `file` is the scenario's name; its diagnostics come first.
  explicit Diagnostics(std::string file) : file_(std::move(file)) {}

  /// About `length` bytes at `place` of `source`; none: the line is not shown. A place without a
  /// line means the whole file.
  void add(const Source& source, Place place, std::size_t length, std::string key,
           std::string message);
  /// About a file as a whole, with no place in it.
  void add_whole(std::string file, std::string message);

  void append(Diagnostics&& others);

  bool empty() const { return list_.empty(); }
  /// In the order in which they were found; the first kMost of them.
  const std::vector<Diagnostic>& so_far() const { return list_; }
  bool keeps_all() const { return dropped_ == 0; }
  /// All of them in the order of their places, other files' last; leaves this object empty.
  std::vector<Diagnostic> take();

 private:
  std::string file_;
  std::vector<Diagnostic> list_;
  std::size_t dropped_ = 0;
};

/// `found` on one line, clipped to a readable length, without control characters.
std::string shown(std::string_view found);
/// The same between quotation marks.
std::string in_quotes(std::string_view found);

}  // namespace indoubt
