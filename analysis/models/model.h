#pragma once
// Closed formulas that people quote for a commit protocol's success. Each says whether it applies
// to a scenario and, if not, why not; it is still computed where its formula can be, so that a
// formula may be shown wrong.
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "sim/process/traits.h"
#include "sim/scenario/scenario.h"

namespace indoubt {

/// What a model may look at.
struct ModelInput {
  const Scenario& scenario;
  ProtocolTraits traits;  ///< of the protocol under its options
};

struct Model {
  std::string_view name;     ///< as `compare:` and `expect:` write it
  std::string_view formula;  ///< "p^n"
  std::string_view doc;      ///< one or two sentences: what it computes, and when it applies
  std::string_view source;
  std::string_view measure;  ///< what it predicts: a name of the measure catalogue
  /// Why the model does not describe this scenario; nothing if it does.
  std::optional<std::string> (*inapplicable)(const ModelInput&);
  /// The prediction (a probability, nanoseconds, or a count, by its measure); nothing if the
  /// formula cannot be evaluated at all here.
  std::optional<double> (*predict)(const ModelInput&);
};

std::span<const Model* const> model_catalogue();
/// Null if there is no such model.
const Model* find_model(std::string_view name);

}  // namespace indoubt
