#pragma once
// Numbers of ballots for protocols that run Paxos. A ballot belongs to one process: its number plus
// a multiple of the number of processes. A process writes its ballot durably before it leads it,
// so that it leads none twice (Lamport, "Paxos made simple", 2001, section 2.2).
#include <cstdint>

#include "sim/process/process_set.h"

namespace indoubt {

using Ballot = std::uint16_t;

/// The lowest ballot of `self` above `seen`; 0 if it would exceed `most`.
constexpr Ballot next_ballot(Ballot seen, ProcessId self, int processes, int most) {
  const int round = (seen + processes - self) / processes;
  const int ballot = round * processes + self;
  return ballot > most ? Ballot{0} : static_cast<Ballot>(ballot);
}

}  // namespace indoubt
