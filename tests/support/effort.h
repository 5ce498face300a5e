#pragma once
// How much a test tries. Under the sanitizers, which slow it down by a factor of ten to thirty,
// less: they look for what the code does wrong at all, not for what happens once in ten thousand
// runs.
#include <cstddef>
#include <cstdint>
#include <vector>

namespace indoubt {

#ifdef __SANITIZE_ADDRESS__
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif

/// So many of `runs` random runs.
constexpr std::uint64_t random_runs(std::uint64_t runs) { return kSanitized ? runs / 10 : runs; }

/// All of `things`, or every fourth.
template <class T>
std::vector<T> some_of(const std::vector<T>& things) {
  std::vector<T> some;
  for (std::size_t i = 0; i < things.size(); i += kSanitized ? 4 : 1) some.push_back(things[i]);
  return some;
}

}  // namespace indoubt
