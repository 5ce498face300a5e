#pragma once
// Points of a protocol as lines of text, in which tables of them are kept.
#include <string>
#include <string_view>
#include <vector>

#include "sim/closure/points.h"

namespace indoubt {

/// One line for each role and handler: "coordinator YES: deliver, force committed, send COMMIT *3".
std::string point_table(const std::vector<ProtocolPoint>& points);
/// The points of such a text. A text of another form is a mistake of the programmer.
std::vector<ProtocolPoint> points_from_table(std::string_view table);

}  // namespace indoubt
