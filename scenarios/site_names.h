#pragma once
// Whom a scenario's faults and zones can name.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario/scenario.h"

namespace indoubt {

/// Names for whoever has a part in a protocol, in every scenario; no service or zone is called so.
inline constexpr std::string_view kParticipantRole = "participant";
inline constexpr std::string_view kBackupRole = "backup";
inline constexpr std::string_view kLeaderRole = "leader";
inline constexpr std::string_view kAnySite = "any";

/// Whether `name` means something in every scenario: "coordinator" or one of the roles.
bool is_reserved_site(std::string_view name);

/// Processes of a protocol beyond coordinator and participants.
struct Auxiliaries {
  std::string_view name;  ///< "acceptor"
  int count = 0;          ///< the most that a protocol of the file has
};

class SiteNames {
 public:
  enum class Use {
    fault,  ///< every name
    group,  ///< of a partition: not those whose bearer changes, not "any"
    zone,   ///< its members: like a group's, and no other zone
    zones,  ///< zones only
  };

  /// `scenario` must outlive this object, which looks at its zones as they are then.
  SiteNames(const Scenario& scenario, std::vector<Auxiliaries> auxiliaries);

  /// Why nobody is called `name`, or nothing.
  std::optional<std::string> problem(std::string_view name, Use use) const;
  /// The single sites that `name` means, in the order of the processes; a service on the
  /// coordinator's site means that site. Nothing for a role whose bearer changes.
  std::vector<std::string> sites(std::string_view name) const;

 private:
  std::vector<std::string_view> names(Use use) const;
  /// How many processes of a service or of auxiliaries are called `base` and a number; 0: none.
  int numbered(std::string_view base) const;
  std::optional<std::string> number_problem(std::string_view name, std::size_t dot) const;
  std::vector<std::string> numbers_of(std::string_view base, int count) const;

  const Scenario& scenario_;
  std::vector<Auxiliaries> auxiliaries_;
};

}  // namespace indoubt
