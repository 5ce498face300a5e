#pragma once
// What the readers of fields share: where errors go, and what has been read before.
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/diagnostic.h"
#include "scenarios/loader.h"
#include "scenarios/quantity.h"
#include "scenarios/yaml_tree.h"

namespace indoubt {

struct KnownNames;

class Reader {
 public:
  /// `tree` is that of `source`; all references must outlive the reader.
  Reader(const Source& source, const YamlTree& tree, ScenarioFile& file, Diagnostics& errors,
         Diagnostics& notes)
      : source_(source), tree_(tree), file_(file), errors_(errors), notes_(notes) {}

  /// The file as read so far: fields are read in the order of their tables, not of the text.
  ScenarioFile& file() { return file_; }
  Diagnostics& errors() { return errors_; }

  /// About the value that `node` is.
  void error(const Node& node, std::string message);
  /// About a part of the text of `node`.
  void error(const Node& node, const TextError& error);
  /// About a key of `mapping`.
  void error(const Node& mapping, const Entry& entry, std::string message);
  /// About `key`, which `mapping` does not have.
  void missing(const Node& mapping, std::string_view key, std::string message);
  /// Something allowed but hardly meant, about the top-level key `key`, or the file if it is
  /// absent.
  void note(std::string_view key, std::string message);
  /// The same about the value that `node` is.
  void note(const Node& node, std::string message);

  /// The value as text, or an error that says what is `wanted`.
  const std::string* scalar(const Node& node, std::string_view wanted);
  /// Whether `node` is a list; an error that says what is `wanted` if not. Nothing counts as empty.
  bool is_list(const Node& node, std::string_view wanted);
  /// Whether `node` is a mapping; otherwise as above. Reports every repeated key.
  bool is_mapping(const Node& node, std::string_view wanted);

  /// The text was not YAML, or a needed part of it was wrong: what depends on it is not judged.
  bool is_broken(std::string_view top_key) const;
  void mark_broken(std::string_view top_key) { broken_.emplace_back(top_key); }

  /// Whether the value at `path` ("services", "faults[2].crash") is as good as if the file had no
  /// errors: none was found there, below it or above it. Errors below whose last key is one of
  /// `harmless` do not count.
  bool is_sound(std::string_view path, std::span<const std::string_view> harmless = {}) const;

  /// The mapping of each fault of the scenario, in order.
  const std::vector<const Node*>& fault_nodes() const { return fault_nodes_; }
  void set_fault_nodes(std::vector<const Node*> nodes) { fault_nodes_ = std::move(nodes); }

  /// What faults and zones can name; null until known_names() has made it.
  const std::shared_ptr<const KnownNames>& names() const { return names_; }
  void set_names(std::shared_ptr<const KnownNames> names) { names_ = std::move(names); }
  /// The value of a top-level key; null if the file has no such key.
  const Node* top(std::string_view key) const;

  /// The path of a file named in the scenario, to open and to show.
  std::filesystem::path beside(std::string_view path) const;
  /// `place` with its column counted in characters.
  Place shown_place(Place place) const;

 private:
  const Source& source_;
  const YamlTree& tree_;
  ScenarioFile& file_;
  Diagnostics& errors_;
  Diagnostics& notes_;
  std::vector<std::string> broken_;
  std::vector<const Node*> fault_nodes_;
  std::shared_ptr<const KnownNames> names_;
};

/// The value of `key`; null if the mapping has no such key.
const Node* find(const Node& mapping, std::string_view key);

}  // namespace indoubt
