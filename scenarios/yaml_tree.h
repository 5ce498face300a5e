#pragma once
// A YAML document as a tree that remembers where everything stands and in which order. Only plain
// data: anchors, aliases and tags are refused, so a tree is never larger than its text.
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/diagnostic.h"
#include "scenarios/source.h"

namespace indoubt {

inline constexpr std::size_t kMostYamlDepth = 64;

struct Node;

/// A key of a mapping and its value.
struct Entry {
  std::string key;
  Place place;                  ///< of the key
  const Node* value = nullptr;  ///< never null in a finished tree
  int first_line = 0;           ///< of the same key earlier in the mapping; 0: this is the first
};

struct Node {
  enum class Kind {
    null,  ///< nothing written, or null or ~
    scalar,
    sequence,
    mapping,
    unusable,  ///< already reported
  };
  Kind kind = Kind::null;
  Place place;       ///< of the value; of its key for nothing written
  std::string text;  ///< scalar
  std::optional<Place>
      text_place;                  ///< where `text` stands letter by letter; nothing if it does not
  std::vector<Entry> entries;      ///< mapping, in file order, repeated keys included
  std::vector<const Node*> items;  ///< sequence
  const Node* parent = nullptr;
  std::string label;  ///< its key, or "[2]": the second item of its parent
};

/// "services.payment.vote_yes"; "protocols[2]" for the second item.
std::string path_of(const Node& node);
/// "a list", "a mapping", "'5 ms'", "nothing": for messages.
std::string described(const Node& node);

struct YamlTree {
  std::deque<Node> nodes;                ///< owns every node; addresses are stable
  const Node* root = nullptr;            ///< null: nothing usable was read
  std::vector<std::string> broken_keys;  ///< top-level keys whose text is not YAML
};

/// Reads `source`, which must be one document. What is wrong goes to `diagnostics`. A mistake in
/// the syntax of one top-level section does not hide the others: they are read by themselves.
YamlTree read_yaml(const Source& source, Diagnostics& diagnostics);

}  // namespace indoubt
