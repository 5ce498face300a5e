#pragma once
// Whole numbers as people read them.
#include <cstdint>
#include <string>
#include <string_view>

namespace indoubt {

/// 1234567 -> "1,234,567".
std::string grouped(std::uint64_t n);
/// "1 transaction", "2,000 transactions": `noun` takes an s in the plural.
std::string counted(std::uint64_t n, std::string_view noun);

}  // namespace indoubt
