#pragma once
// The rows of the catalogue, one file each.
#include "analysis/models/model.h"

namespace indoubt {

extern const Model kUnanimous;
extern const Model kAtLeastOne;
extern const Model kMajority;
extern const Model kAtLeastK;
extern const Model kMajorityWithoutUnanimity;
extern const Model kLossyRetries;
extern const Model kExponentialDeadline;
extern const Model kVoteCollectionTime;
extern const Model kSerialVotes;
extern const Model kCoordinatorExposure;
extern const Model kUncertainTime;
extern const Model kCaughtByCrash;
extern const Model kBlockedTime;
extern const Model kDoubtWithCrashes;
extern const Model kLostDecisions;
extern const Model kRetries;
extern const Model kAllSitesUp;
extern const Model kAcceptorMajority;
extern const Model kLockHold;

}  // namespace indoubt
