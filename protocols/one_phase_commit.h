#pragma once
#include "protocols/catalogue.h"

namespace indoubt {

/// Only the coordinator logs; participants ship their redo records: `coordinator-log`.
ProtocolEntry coordinator_log();
/// Each reply to a work request is a promise to commit: `implicit-yes`.
ProtocolEntry implicit_yes_vote();

}  // namespace indoubt
