#pragma once
// Turns the events of yaml-cpp into a YamlTree.
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/mark.h>

#include <map>
#include <string>
#include <vector>

#include "scenarios/yaml_tree.h"

namespace indoubt {

/// Thrown through yaml-cpp, and caught beside its own exceptions, when reading on makes no sense;
/// the reason has been reported.
struct StopReading {};

class YamlBuilder : public YAML::EventHandler {
 public:
  /// Builds nodes in `tree`. The text given to yaml-cpp is `part` of `source`, which begins after
  /// `lines_before` whole lines.
  YamlBuilder(const Source& source, std::string_view part, int lines_before, YamlTree& tree,
              Diagnostics& diagnostics)
      : source_(source),
        part_(part),
        lines_before_(lines_before),
        tree_(tree),
        diagnostics_(diagnostics) {}

  /// The document's root; null if there was no document.
  const Node* root() const { return root_; }
  /// Whether the document ended; what follows it is another one.
  bool is_complete() const { return complete_; }
  Place place(const YAML::Mark& mark) const;
  /// Whether nothing but white space is left of the part at `place`.
  bool is_end(Place place) const;
  /// The innermost [ or { that is open; nothing if none is.
  std::optional<Place> open_bracket() const;
  /// Where the last thing read began.
  Place last_place() const { return last_; }

  void OnDocumentStart(const YAML::Mark& mark) override;
  void OnDocumentEnd() override { complete_ = true; }
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override;
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override;
  void OnSequenceEnd() override { open_.pop_back(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override;
  void OnMapEnd() override { open_.pop_back(); }

 private:
  struct Open {
    Node* node;
    bool flow;                         ///< written with brackets
    bool expects_key;                  ///< mapping: the next node is a key
    std::map<std::string, int> lines;  ///< mapping: first line of each key
  };

  void refuse(Place place, std::string message);
  [[noreturn]] void stop(Place place, std::string message);
  void refuse_decoration(Place place, const std::string& tag, YAML::anchor_t anchor);
  bool at_key() const { return !open_.empty() && open_.back().expects_key; }
  void add_key(Place place, const std::string& key);
  Node& add_node(Node::Kind kind, Place place);
  void open(Node::Kind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
            YAML::EmitterStyle::value style);

  /// The part from `place` on.
  std::string_view written_at(Place place) const;
  Place place_unwritten(Place next) const;

  const Source& source_;
  std::string_view part_;
  int lines_before_;
  YamlTree& tree_;
  Diagnostics& diagnostics_;
  const Node* root_ = nullptr;
  bool begun_ = false, complete_ = false;
  Place last_;
  std::vector<Open> open_;
};

}  // namespace indoubt
