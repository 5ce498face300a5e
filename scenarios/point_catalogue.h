#pragma once
// Which points a protocol has under its options, and which of them a point of a scenario means.
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/catalogue.h"
#include "sim/closure/points.h"

namespace indoubt {

struct PointCatalogue {
  std::vector<ProtocolPoint> points;
  bool complete = false;  ///< no step of the protocol has another point
  std::string argument;   ///< a sentence: why it is complete, or that it is not
};

/// The points of `protocol` for `group`. Small protocols are run: the group as it is, or three
/// participants in the place of more where no option and no weight speaks of their number. Of large
/// ones those with standard options are known from a table; with others they are not complete.
/// A failure detector is not looked at. At most about 20 ms.
PointCatalogue point_catalogue(const ProtocolEntry& protocol, std::span<const int> options,
                               const Group& group);

/// Whether `point` may be one of `known`, seen at one of `roles` (empty: at any).
bool is_among(const Point& point, const std::vector<ProtocolPoint>& known,
              std::span<const std::string> roles);

/// Up to `most` points like `point`, as scenarios write them, the most similar first.
std::vector<std::string> similar_points(const Point& point, const std::vector<ProtocolPoint>& known,
                                        std::span<const std::string> roles, std::size_t most);

}  // namespace indoubt
