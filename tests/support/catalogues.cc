#include "tests/support/catalogues.h"

#include <algorithm>
#include <filesystem>

namespace indoubt {

std::vector<std::string> library_files() {
  std::vector<std::string> files;
  const std::filesystem::path root = INDOUBT_SOURCE_DIR "/scenarios/library";
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root))
    if (entry.path().extension() == ".yaml") files.push_back(entry.path().string());
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<std::string> library_names() {
  std::vector<std::string> names;
  for (const std::string& file : library_files())
    names.push_back(std::filesystem::path(file).stem().string());
  std::sort(names.begin(), names.end());
  return names;
}

std::string library_file(const std::string& name) {
  const std::vector<std::string> files = library_files();
  return *std::find_if(files.begin(), files.end(), [&](const std::string& file) {
    return std::filesystem::path(file).stem() == name;
  });
}

std::vector<const ProtocolEntry*> every_protocol() {
  std::vector<const ProtocolEntry*> all;
  for (const ProtocolEntry& entry : protocol_catalogue()) all.push_back(&entry);
  return all;
}

std::string test_name_of(const ProtocolEntry& protocol) {
  std::string name(protocol.name);
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

}  // namespace indoubt
