#include "scenarios/suggestion.h"

#include <algorithm>

namespace indoubt {
namespace {

constexpr std::size_t kLongestWord = 48;  // nobody mistypes a longer one by a letter

char folded(char c) {
  if (c >= 'A' && c <= 'Z') return static_cast<char>(c - 'A' + 'a');
  return c == '_' || c == ' ' ? '-' : c;
}

std::size_t allowed_distance(std::size_t length) { return length < 3 ? 1 : (length + 2) / 3; }

}  // namespace

int edit_distance(std::string_view a, std::string_view b) {
  const std::size_t n = b.size();
  std::vector<int> before(n + 1), above(n + 1), row(n + 1);  // rows i - 2, i - 1, i
  for (std::size_t j = 0; j <= n; ++j) above[j] = static_cast<int>(j);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = static_cast<int>(i);
    for (std::size_t j = 1; j <= n; ++j) {
      const bool same = folded(a[i - 1]) == folded(b[j - 1]);
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (same ? 0 : 1)});
      const bool exchanged = i > 1 && j > 1 && folded(a[i - 1]) == folded(b[j - 2]) &&
                             folded(a[i - 2]) == folded(b[j - 1]);
      if (exchanged) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    std::swap(before, above);
    std::swap(above, row);
  }
  return above[n];
}

std::string_view nearest(std::string_view word, std::span<const std::string_view> candidates) {
  if (word.empty() || word.size() > kLongestWord) return {};
  std::string_view best;
  auto least = static_cast<int>(allowed_distance(word.size())) + 1;
  for (const std::string_view c : candidates) {
    // A one-letter word is near to every other one.
    const int distance = edit_distance(word, c);
    if (distance < least && distance < static_cast<int>(std::max(word.size(), c.size()))) {
      least = distance;
      best = c;
    }
  }
  return best;
}

std::string listed(std::span<const std::string_view> words) {
  if (words.empty()) return "(none)";
  std::string out;
  for (const std::string_view w : words) out.append(out.empty() ? "" : ", ").append(w);
  return out;
}

std::string choices(std::string_view word, std::string_view what,
                    std::span<const std::string_view> candidates) {
  const std::string_view meant = nearest(word, candidates);
  std::string out;
  if (!meant.empty()) out.append("; did you mean ").append(meant).append("?");
  return out + (meant.empty() ? "; " : " ") + std::string(what) + ": " + listed(candidates);
}

}  // namespace indoubt
