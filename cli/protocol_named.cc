#include "cli/protocol_named.h"

#include "cli/call.h"
#include "scenarios/suggestion.h"

namespace indoubt {

const ProtocolEntry& protocol_named(const std::string& name) {
  if (const ProtocolEntry* entry = find_protocol(name)) return *entry;
  std::vector<std::string_view> names;
  for (const ProtocolEntry& entry : protocol_catalogue()) names.push_back(entry.name);
  throw CallError("there is no protocol '" + name + "'" + choices(name, "protocols", names));
}

}  // namespace indoubt
