#pragma once
// What the faults and zones of one file can name, made once for each file.
#include "scenarios/point_parser.h"
#include "scenarios/reader.h"
#include "scenarios/site_names.h"

namespace indoubt {

struct KnownNames {
  SiteNames sites;
  PointNames points;
  std::vector<Auxiliaries> auxiliaries;
  /// Whether the file's services and protocols could be read: names are judged only then.
  bool judged = false;
};

/// Requires that the file's protocols and services were read before.
const KnownNames& known_names(Reader& reader);

/// The protocols of a scenario under their options, ready to run; without those that do not take
/// so many participants.
std::vector<Machine> machines_of(const Scenario& scenario);

}  // namespace indoubt
