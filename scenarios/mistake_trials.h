#pragma once
// Runs the known-bad variants on the scenarios that show them, and the correct protocols on the
// same transactions.
#include <map>
#include <optional>
#include <stdexcept>
#include <string>

#include "scenarios/loader.h"
#include "scenarios/mistakes.h"

namespace indoubt {

/// A mistake that more transactions do not show counts as not caught.
inline constexpr std::uint64_t kMostTransactionsToDetect = 10'000;

/// What came of one mistake.
struct Trial {
  const KnownBad* variant = nullptr;
  const ScenarioFile* file = nullptr;
  const ProtocolUse* wrong = nullptr;    ///< in the scenario
  const ProtocolUse* correct = nullptr;  ///< the same without the mistake
  std::optional<Finding> shown;    ///< the first violation of the property that the mistake breaks
  std::uint64_t transactions = 0;  ///< that the correct protocol has run
  std::optional<Finding> flaw;     ///< the first violation of any property by the correct protocol

  bool good() const { return shown && !flaw; }
};

/// The catalogue and the scenario do not fit together; the text says what is missing.
class TrialError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Keeps scenarios and the runs of correct protocols, which mistakes share.
class Trials {
 public:
  /// `directory` holds the scenarios that the catalogue names.
  explicit Trials(std::string directory) : directory_(std::move(directory)) {}

  /// The scenario and its two uses of the protocol; nothing is run. Requires a row in the
  /// catalogue. Throws TrialError.
  Trial find(const KnownBad& variant);
  /// At most kMostTransactionsToDetect transactions of each protocol, and no more than the scenario
  /// has; the variant stops soon after its violation. Requires a row in the catalogue.
  /// Throws TrialError. The result points into this object and to `variant`.
  Trial run(const KnownBad& variant);

 private:
  struct Survival {
    std::uint64_t transactions = 0;
    std::optional<Finding> flaw;
  };
  const ScenarioFile& file(std::string_view scenario);
  const Survival& survival(const Trial& trial);

  std::string directory_;
  std::map<std::string, ScenarioFile, std::less<>> files_;
  std::map<const ProtocolUse*, Survival> survivals_;
};

}  // namespace indoubt
