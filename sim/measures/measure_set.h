#pragma once
// The measures of one scenario: the catalogue, and what the scenario asks for beside it.
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sim/measures/measure.h"

namespace indoubt {

/// A value; copies share the measures, and a pointer to one stays valid as long as any copy lives.
class MeasureSet {
 public:
  /// Shares of transactions decided by an instant, one for each outcome: `commit_by(40ms)` and
  /// `abort_by(40ms)`, of Totals::commits_by and aborts_by. `instant` as the names have it.
  void add_instant(std::string_view instant);
  /// `predicate.NAME`, the share of transactions at whose end a predicate holds, of
  /// Totals::predicates. `text`: how it is written. Requires names that differ.
  void add_predicate(std::string_view name, std::string_view text);

  /// Null if there is no such measure.
  const Measure* find(std::string_view name) const;
  /// The catalogue in its order, then the scenario's own in the order of their adding.
  std::vector<const Measure*> all() const;
  std::vector<std::string_view> names() const;
  /// The scenario's own.
  std::vector<const Measure*> own() const;

 private:
  struct Own {
    std::string name, doc;
    Measure measure;
  };
  void add(std::string name, std::string doc, CounterOf hits);
  std::vector<std::shared_ptr<const Own>> own_;
  std::size_t instants_ = 0, predicates_ = 0;
};

}  // namespace indoubt
