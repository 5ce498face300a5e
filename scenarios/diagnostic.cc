#include "scenarios/diagnostic.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "scenarios/concat.h"
#include "scenarios/utf8.h"

namespace indoubt {
namespace {

constexpr std::size_t kExcerptBytes = 96;  // around the place, when a line is longer than this
constexpr std::size_t kContextBytes = 60;  // of these, before the place
constexpr std::size_t kQuotedCharacters = 40;
constexpr std::string_view kCut = "...";

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

/// The part of `line` to show, [first, end), cut between characters.
std::pair<std::size_t, std::size_t> window(std::string_view line, std::size_t at) {
  if (line.size() <= kExcerptBytes) return {0, line.size()};
  std::size_t first = at > kContextBytes ? at - kContextBytes : 0;
  first = std::min(first, line.size() - kExcerptBytes);
  std::size_t end = first + kExcerptBytes;
  while (first > 0 && is_continuation(line[first])) --first;
  while (end < line.size() && is_continuation(line[end])) ++end;
  return {first, end};
}

// A terminal must not obey what a scenario file contains.
void append_shown(std::string& out, std::string_view bytes, const Character& c) {
  const bool control = c.code < 0x20 || (c.code >= 0x7F && c.code < 0xA0);
  if (!c.valid || (control && c.code != '\t'))
    out += '?';
  else
    out += bytes.substr(0, c.bytes);
}

struct Picture {
  std::string excerpt, marker;
};

Picture draw(std::string_view line, std::size_t at, std::size_t length) {
  at = std::min(at, line.size());
  const auto [first, end] = window(line, at);
  Picture p;
  if (first > 0) p.excerpt = kCut, p.marker.append(kCut.size(), ' ');
  const std::size_t last = std::min(end, at + length);
  for (std::size_t i = first; i < end;) {
    const Character c = first_character(line.substr(i));
    append_shown(p.excerpt, line.substr(i), c);
    const auto width = static_cast<std::size_t>(c.width());
    if (i < at && c.code == '\t')
      p.marker += '\t';
    else if (i < at)
      p.marker.append(width, ' ');
    else if (i == at)
      p.marker.append("^").append(width > 1 ? width - 1 : 0, '~');
    else if (i < last)
      p.marker.append(width, '~');
    i += c.bytes;
  }
  if (at >= end) p.marker += '^';
  if (end < line.size()) p.excerpt += kCut;
  return p;
}

auto order(const Diagnostic& d, const std::string& first_file) {
  return std::make_tuple(d.file != first_file, std::string_view(d.file), d.line, d.column);
}

}  // namespace

std::string text(const Diagnostic& d) {
  std::string out = d.file;
  if (d.line > 0) out += concat({":", std::to_string(d.line), ":", std::to_string(d.column)});
  out += ": ";
  if (!d.key.empty()) out += d.key + ": ";
  out += d.message + "\n";
  if (d.marker.empty()) return out;
  const std::string number = std::to_string(d.line);
  const std::string gutter(number.size() < 4 ? 4 - number.size() : 0, ' ');
  out += gutter + number + " | " + d.excerpt + "\n";
  out += std::string(gutter.size() + number.size(), ' ') + " | " + d.marker + "\n";
  return out;
}

void Diagnostics::add(const Source& source, Place place, std::size_t length, std::string key,
                      std::string message) {
  if (list_.size() >= kMost) {
    ++dropped_;
    return;
  }
  Diagnostic d{source.name(), place.line, place.column, std::move(key), std::move(message), {}, {}};
  if (place.line > 0) {
    const std::string_view line = source.line(place.line);
    const auto at = std::min(static_cast<std::size_t>(place.column - 1), line.size());
    d.column = count_characters(line.substr(0, at)) + 1;
    Picture picture = draw(line, at, length);
    if (!line.empty() && length > 0) {
      d.excerpt = std::move(picture.excerpt);
      d.marker = std::move(picture.marker);
    }
  }
  list_.push_back(std::move(d));
}

void Diagnostics::add_whole(std::string file, std::string message) {
  list_.push_back({std::move(file), 0, 0, {}, std::move(message), {}, {}});
}

void Diagnostics::append(Diagnostics&& others) {
  for (Diagnostic& d : others.list_) {
    if (list_.size() < kMost)
      list_.push_back(std::move(d));
    else
      ++dropped_;
  }
  dropped_ += std::exchange(others.dropped_, 0);
  others.list_.clear();
}

std::vector<Diagnostic> Diagnostics::take() {
  std::stable_sort(list_.begin(), list_.end(), [&](const Diagnostic& a, const Diagnostic& b) {
    return order(a, file_) < order(b, file_);
  });
  if (dropped_ > 0)
    list_.push_back({file_, 0, 0, {}, "and " + std::to_string(dropped_) + " more errors", {}, {}});
  dropped_ = 0;
  return std::exchange(list_, {});
}

std::string in_quotes(std::string_view found) { return concat({"'", shown(found), "'"}); }

std::string shown(std::string_view found) {
  std::string out;
  for (std::size_t n = 0; !found.empty(); ++n) {
    if (n == kQuotedCharacters) {
      out += kCut;
      break;
    }
    const Character c = first_character(found);
    if (c.code == '\n' || c.code == '\t')
      out += ' ';
    else
      append_shown(out, found, c);
    found.remove_prefix(c.bytes);
  }
  return out;
}

}  // namespace indoubt
