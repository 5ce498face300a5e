#pragma once
#include "protocols/catalogue.h"

namespace indoubt {

/// Work at the participants, commit at the coordinator alone: `centralised-commit`.
ProtocolEntry centralised_commit();

}  // namespace indoubt
