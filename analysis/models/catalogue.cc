#include <array>

#include "analysis/models/rows.h"

namespace indoubt {

std::span<const Model* const> model_catalogue() {
  static constexpr std::array<const Model*, 19> kRows = {&kUnanimous,
                                                         &kAtLeastOne,
                                                         &kMajority,
                                                         &kAtLeastK,
                                                         &kMajorityWithoutUnanimity,
                                                         &kLossyRetries,
                                                         &kExponentialDeadline,
                                                         &kVoteCollectionTime,
                                                         &kSerialVotes,
                                                         &kCoordinatorExposure,
                                                         &kUncertainTime,
                                                         &kCaughtByCrash,
                                                         &kBlockedTime,
                                                         &kDoubtWithCrashes,
                                                         &kLostDecisions,
                                                         &kRetries,
                                                         &kAllSitesUp,
                                                         &kAcceptorMajority,
                                                         &kLockHold};
  return kRows;
}

const Model* find_model(std::string_view name) {
  for (const Model* model : model_catalogue())
    if (model->name == name) return model;
  return nullptr;
}

}  // namespace indoubt
