#pragma once
// What the faults and zones of one file can name, made once for each file.
#include "scenarios/point_parser.h"
#include "scenarios/reader.h"
#include "scenarios/site_names.h"
#include "sim/process/machine.h"

namespace indoubt {

struct KnownNames {
  SiteNames sites;
  PointNames points;
  std::vector<Auxiliaries> auxiliaries;
  std::vector<Machine> machines;  ///< of the file's protocols; none where they are not judged
  /// Whether the file's services and protocols could be read: names are judged only then.
  bool judged = false;
};

/// Requires that the file's protocols and services were read before.
const KnownNames& known_names(Reader& reader);

}  // namespace indoubt
