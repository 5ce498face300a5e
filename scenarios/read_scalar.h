#pragma once
// How a value that is one text is read.
#include <array>
#include <optional>
#include <string_view>

#include "scenarios/diagnostic.h"
#include "scenarios/reader.h"
#include "scenarios/suggestion.h"

namespace indoubt {

/// Reads a scalar by `parse`, which gives a Parsed value.
template <class V, class Parse>
std::optional<V> read_parsed(Reader& reader, const Node& node, std::string_view wanted,
                             Parse&& parse) {
  const std::string* text = reader.scalar(node, wanted);
  if (text == nullptr) return std::nullopt;
  auto parsed = parse(*text);
  if (parsed) return static_cast<V>(*std::move(parsed.value));
  reader.error(node, parsed.error);
  return std::nullopt;
}

/// Reads one of two or more words; the value is the word's index.
template <class V, std::size_t kSize>
std::optional<V> read_word(Reader& reader, const Node& node,
                           const std::array<std::string_view, kSize>& words) {
  const std::string* text = reader.scalar(node, "one of: " + listed(words));
  if (text == nullptr) return std::nullopt;
  for (std::size_t i = 0; i < kSize; ++i)
    if (words[i] == *text) return static_cast<V>(i);
  reader.error(node, "found " + in_quotes(*text) + choices(*text, "allowed", words));
  return std::nullopt;
}

}  // namespace indoubt
