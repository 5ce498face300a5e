#include "analysis/explore/layout.h"

#include <algorithm>
#include <bit>
#include <numeric>

namespace indoubt {
namespace {

int capacity(int word) { return word == 0 ? 62 : 64; }

/// First fit, widest first; false if the fields do not fit in so many words.
bool place(const std::vector<int>& widths, int words, std::vector<Field>& fields) {
  std::vector<std::size_t> order(widths.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return widths[a] > widths[b]; });
  std::vector<int> used(static_cast<std::size_t>(words));
  for (const std::size_t i : order) {
    int w = 0;
    while (w < words && used[static_cast<std::size_t>(w)] + widths[i] > capacity(w)) ++w;
    if (w == words) return false;
    int& at = used[static_cast<std::size_t>(w)];
    fields[i] = {};
    if (widths[i] == 0) continue;
    fields[i] = {(std::uint64_t{1} << widths[i]) - 1, static_cast<std::uint8_t>(w),
                 static_cast<std::uint8_t>(at)};
    at += widths[i];
  }
  return true;
}

/// Round by round one more bit for each field that holds more than one value, as long as it fits.
void widen(std::vector<int>& widths, std::span<const std::uint64_t> counts, int words,
           std::vector<Field>& fields) {
  constexpr int kWidest = 28;
  for (bool again = true; again;) {
    again = false;
    for (std::size_t i = 0; i < widths.size(); ++i) {
      if (counts[i] <= 1 || widths[i] >= kWidest) continue;
      ++widths[i];
      std::vector<Field> wider(widths.size());
      if (place(widths, words, wider)) {
        fields = wider;
        again = true;
      } else {
        --widths[i];
      }
    }
  }
}

}  // namespace

Layout layout_for(std::span<const std::uint64_t> counts, int at_least_words) {
  Layout layout;
  std::vector<int> widths;
  for (const std::uint64_t c : counts)
    widths.push_back(c <= 1 ? 0 : static_cast<int>(std::bit_width(c - 1)));
  layout.bits = std::accumulate(widths.begin(), widths.end(), 0);
  layout.fields.resize(widths.size());
  for (const int words : {1, 2, 4}) {
    if (words < at_least_words || !place(widths, words, layout.fields)) continue;
    layout.words = words;
    widen(widths, counts, words, layout.fields);
    return layout;
  }
  return layout;
}

}  // namespace indoubt
