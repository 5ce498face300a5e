#include "scenarios/source.h"

#include <algorithm>
#include <utility>

namespace indoubt {

Source::Source(std::string name, std::string text)
    : name_(std::move(name)), text_(std::move(text)), starts_{0} {
  for (std::size_t i = 0; i + 1 < text_.size(); ++i)
    if (text_[i] == '\n') starts_.push_back(i + 1);
}

std::string_view Source::line(int number) const {
  if (number < 1 || number > lines()) return {};
  const std::size_t start = starts_[static_cast<std::size_t>(number) - 1];
  std::string_view rest = std::string_view(text_).substr(start);
  rest = rest.substr(0, rest.find('\n'));
  if (!rest.empty() && rest.back() == '\r') rest.remove_suffix(1);
  return rest;
}

Place Source::place_of(std::size_t offset) const {
  const auto next = std::upper_bound(starts_.begin(), starts_.end(), offset);
  const auto line = static_cast<int>(next - starts_.begin());
  return {line, static_cast<int>(offset - *(next - 1)) + 1};
}

std::string_view Source::from(Place place) const {
  if (place.line < 1 || place.line > lines() || place.column < 1) return {};
  const std::size_t offset = starts_[static_cast<std::size_t>(place.line) - 1] +
                             static_cast<std::size_t>(place.column) - 1;
  return offset <= text_.size() ? std::string_view(text_).substr(offset) : std::string_view{};
}

}  // namespace indoubt
