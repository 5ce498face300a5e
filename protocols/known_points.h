#pragma once
// Where faults can strike in protocols that are too large to be visited whenever that is asked.
#include <string_view>

namespace indoubt {

/// The steps of the protocol of this name with its standard options, whatever the group: lines of
///   ROLE HANDLER: EFFECT[ NAME][ *SENDS], ...
/// where SENDS is the most destinations of one broadcast that were seen. A message without an
/// effect stands without one. Empty for protocols that are small enough to be run instead.
///
/// Generated and held against what the protocols do by tests/closure/known_points_test.cc, which
/// says by which searches.
std::string_view known_points(std::string_view protocol);

}  // namespace indoubt
