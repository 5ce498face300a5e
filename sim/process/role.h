#pragma once
// The parts that processes play, as far as what they send and write is counted by them.
#include <array>
#include <cstdint>
#include <string_view>

#include "sim/process/machine.h"

namespace indoubt {

/// Every process has one of these at any moment. A participant is a back-up in each step at whose
/// beginning or end it leads: a termination, an election or a ballot that is not the coordinator's.
enum class Role : std::uint8_t { coordinator, participant, acceptor, backup };
inline constexpr std::size_t kRoles = 4;
inline constexpr std::array<Role, kRoles> kEveryRole = {Role::coordinator, Role::participant,
                                                        Role::acceptor, Role::backup};

constexpr std::size_t index_of(Role role) { return static_cast<std::size_t>(role); }

/// As measures name those that play it: "participants".
constexpr std::string_view name(Role role) {
  constexpr std::array<std::string_view, kRoles> kNames = {"coordinator", "participants",
                                                           "acceptors", "backups"};
  return kNames[index_of(role)];
}

/// The part of process p, unless it leads.
inline Role place_of(const Machine& machine, ProcessId p) {
  return p == kCoordinator                 ? Role::coordinator
         : p <= machine.group.participants ? Role::participant
                                           : Role::acceptor;
}

/// Whether anybody ever plays it under this protocol with these options.
inline bool has_role(const Machine& machine, Role role) {
  if (role == Role::acceptor) return machine.processes > 1 + machine.group.participants;
  return role != Role::backup || machine.leads != nullptr;
}

}  // namespace indoubt
