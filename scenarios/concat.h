#pragma once
#include <initializer_list>
#include <string>
#include <string_view>

namespace indoubt {

/// The parts one after another. (A chain of + makes g++ 12 warn of overlaps that cannot be.)
inline std::string concat(std::initializer_list<std::string_view> parts) {
  std::string out;
  for (const std::string_view part : parts) out.append(part);
  return out;
}

}  // namespace indoubt
