#pragma once
// What the models of exponential message delays share.
#include <boost/math/policies/policy.hpp>

#include "analysis/models/conditions.h"

namespace indoubt {

/// In double alone: the width of long double differs between machines.
using ModelPolicy = boost::math::policies::policy<boost::math::policies::promote_double<false>>;

/// To each participant and back, delays are exponential and have one mean (besides a minimum).
Reason exponential_links(const ModelInput& in);

/// Mean of one delay between the coordinator and this participant, minimum left out; where the two
/// directions differ, their average.
double delay_mean(const VotePath& path);

}  // namespace indoubt
