#pragma once
#include <string>

#include "protocols/catalogue.h"

namespace indoubt {

/// The protocol of this name. Throws CallError with the one that may be meant.
const ProtocolEntry& protocol_named(const std::string& name);

}  // namespace indoubt
