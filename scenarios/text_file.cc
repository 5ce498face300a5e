#include "scenarios/text_file.h"

#include <fstream>
#include <system_error>

namespace indoubt {

TextFile read_text_file(const std::filesystem::path& path) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (status.type() == std::filesystem::file_type::not_found) return {{}, "no such file"};
  if (std::filesystem::is_directory(status)) return {{}, "is a directory, not a file"};
  std::ifstream in(path, std::ios::binary);
  if (!in) return {{}, "cannot be opened; may you read it?"};
  std::string text(kMostFileBytes + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (in.bad()) return {{}, "cannot be read"};
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (text.size() > kMostFileBytes) return {{}, "is larger than 1 MiB, the most that is read"};
  return {std::move(text), {}};
}

}  // namespace indoubt
