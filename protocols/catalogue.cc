#include "protocols/catalogue.h"

#include <vector>

#include "protocols/inbac.h"
#include "protocols/paxos_commit.h"
#include "protocols/three_phase_commit.h"
#include "protocols/two_phase_commit.h"

namespace indoubt {

std::span<const ProtocolEntry> protocol_catalogue() {
  static const std::vector<ProtocolEntry> rows = {
      two_phase_commit(), three_phase_commit(),  majority_three_phase_commit(),
      paxos_commit(),     faster_paxos_commit(), inbac(),
  };
  return rows;
}

const ProtocolEntry* find_protocol(std::string_view name) {
  for (const ProtocolEntry& entry : protocol_catalogue())
    if (entry.name == name) return &entry;
  return nullptr;
}

std::vector<int> standard_options(const ProtocolEntry& entry) {
  std::vector<int> values;
  for (const OptionField& field : entry.options) values.push_back(field.standard);
  return values;
}

}  // namespace indoubt
