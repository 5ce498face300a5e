#include "analysis/report/grouped.h"

namespace indoubt {

std::string grouped(std::uint64_t n) {
  std::string s = std::to_string(n);
  for (int at = static_cast<int>(s.size()) - 3; at > 0; at -= 3) {
    s.insert(static_cast<std::size_t>(at), ",");
  }
  return s;
}

std::string counted(std::uint64_t n, std::string_view noun) {
  return grouped(n).append(1, ' ').append(noun).append(n == 1 ? "" : "s");
}

}  // namespace indoubt
