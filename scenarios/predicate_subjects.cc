#include "scenarios/predicate_subjects.h"

#include "scenarios/concat.h"
#include "scenarios/diagnostic.h"
#include "scenarios/predicate_parser.h"
#include "scenarios/suggestion.h"

namespace indoubt {

/// Participants are numbered service by service; a protocol's auxiliaries follow.
PredicateSubjects::Numbered PredicateSubjects::numbered(std::string_view base) const {
  int first = 1;
  for (const Service& s : names_.scenario->services) {
    if (s.name == base) return {static_cast<ProcessId>(first), s.count, false};
    first += s.count;
  }
  for (const Auxiliaries& a : names_.auxiliaries)
    if (a.name == base) return {static_cast<ProcessId>(first), a.count, true};
  return {};
}

PredicateSubjects::Found PredicateSubjects::one_of(std::string_view name, std::string_view base,
                                                   std::string_view number) const {
  const Numbered all = numbered(base);
  const auto n = parse_count(number, 1, static_cast<std::uint64_t>(all.count));
  if (n && std::to_string(*n.value) == number) {
    const auto p = static_cast<ProcessId>(all.first + static_cast<int>(*n.value) - 1);
    return {ProcessRange{p, p}, {}};
  }
  return {{},
          concat({in_quotes(name), " does not exist; write ", base, ".1 to ", base, ".",
                  std::to_string(all.count)})};
}

PredicateSubjects::Found PredicateSubjects::single(std::string_view name) const {
  if (name == kCoordinatorName) return {ProcessRange{}, {}};
  const std::size_t dot = name.find('.');
  if (dot != name.npos && numbered(name.substr(0, dot)).count > 0)
    return one_of(name, name.substr(0, dot), name.substr(dot + 1));
  const Numbered all = numbered(name);
  if (all.count == 1 && !all.open) return {ProcessRange{all.first, all.first}, {}};
  if (all.count > 0 || name == kParticipantRole)
    return {{},
            concat({in_quotes(name), " is a group; write any ", name, ", all ", name, " or no ",
                    name})};
  return {{}, concat({in_quotes(name), " is no process", choices(name, "processes", singles())})};
}

PredicateSubjects::Found PredicateSubjects::group(std::string_view name) const {
  const auto last = static_cast<ProcessId>(names_.scenario->participants());
  if (name == kParticipantRole) return {ProcessRange{1, last}, {}};
  const Numbered all = numbered(name);
  if (all.open) return {ProcessRange{all.first, ProcessRange::kEnd}, {}};
  if (all.count > 0)
    return {ProcessRange{all.first, static_cast<ProcessId>(all.first + all.count - 1)}, {}};
  if (single(name).range)
    return {{},
            concat({in_quotes(name), " is one process and no group; groups: ", listed(groups())})};
  return {{}, concat({in_quotes(name), " is no group", choices(name, "groups", groups())})};
}

std::vector<std::string_view> PredicateSubjects::singles() const {
  std::vector<std::string_view> names = {kCoordinatorName};
  for (const Service& s : names_.scenario->services) names.push_back(s.name);
  return names;
}

std::vector<std::string_view> PredicateSubjects::groups() const {
  std::vector<std::string_view> names = {kParticipantRole};
  for (const Service& s : names_.scenario->services) names.push_back(s.name);
  for (const Auxiliaries& a : names_.auxiliaries) names.push_back(a.name);
  return names;
}

}  // namespace indoubt
