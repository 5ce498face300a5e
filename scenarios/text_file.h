#pragma once
// Reading a small text file whole.
#include <filesystem>
#include <optional>
#include <string>

namespace indoubt {

inline constexpr std::size_t kMostFileBytes = std::size_t{1} << 20;

/// A file's text, or why there is none ("no such file").
struct TextFile {
  std::optional<std::string> text;
  std::string error;
};

/// At most kMostFileBytes. Devices and pipes are read like files.
TextFile read_text_file(const std::filesystem::path& path);

}  // namespace indoubt
