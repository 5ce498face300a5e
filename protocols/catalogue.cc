#include "protocols/catalogue.h"

#include <vector>

#include "protocols/centralised_commit.h"
#include "protocols/decentralised_three_phase_commit.h"
#include "protocols/decentralised_two_phase_commit.h"
#include "protocols/easy_commit.h"
#include "protocols/inbac.h"
#include "protocols/linear_two_phase_commit.h"
#include "protocols/one_phase_commit.h"
#include "protocols/paxos_commit.h"
#include "protocols/quorum_three_phase_commit.h"
#include "protocols/three_phase_commit.h"
#include "protocols/two_phase_commit.h"
#include "protocols/unsolicited_vote.h"

namespace indoubt {

std::span<const ProtocolEntry> protocol_catalogue() {
  static const std::vector<ProtocolEntry> rows = {
      two_phase_commit(),
      presumed_abort(),
      presumed_commit(),
      new_presumed_commit(),
      three_phase_commit(),
      majority_three_phase_commit(),
      linear_two_phase_commit(),
      decentralised_two_phase_commit(),
      unsolicited_vote(),
      easy_commit(),
      broadcast_two_phase_commit(),
      centralised_commit(),
      coordinator_log(),
      implicit_yes_vote(),
      decentralised_three_phase_commit(),
      quorum_three_phase_commit(),
      enhanced_three_phase_commit(),
      paxos_commit(),
      faster_paxos_commit(),
      inbac(),
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
