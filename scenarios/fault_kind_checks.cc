// Keys of one kind of fault that do not go together.
#include <algorithm>
#include <array>

#include "scenarios/concat.h"
#include "scenarios/fault_kinds.h"

namespace indoubt {
namespace {

bool is_any_misspelt(const Node& mapping, const FaultKind& kind,
                     std::span<const std::string_view> keys) {
  return std::any_of(keys.begin(), keys.end(), [&](std::string_view key) {
    return is_misspelt(mapping, *kind.section, key);
  });
}

constexpr std::array<std::string_view, 2> kWhoKeys = {"site", "zone"};

/// The keys of `names` that are given.
std::vector<std::string_view> given(const Node& mapping, std::span<const std::string_view> names) {
  std::vector<std::string_view> out;
  for (const std::string_view n : names)
    if (find(mapping, n) != nullptr) out.push_back(n);
  return out;
}

/// `key` stands exactly where `action` does.
void check_length_of(Reader& reader, const Node& mapping, std::string_view action,
                     std::string_view key) {
  const bool acts = find(mapping, action) != nullptr;
  const Node* length = find(mapping, key);
  if (acts && length == nullptr)
    reader.missing(mapping, key,
                   concat({"is missing; `", action, "` needs it, like `", key, ": 20ms`"}));
  if (!acts && length != nullptr)
    reader.error(*length, concat({"belongs to `", action, "`, which is not given"}));
}

}  // namespace

void check_crash(Reader& reader, const FaultKind& kind, const Node& mapping, Fault&) {
  const bool site = find(mapping, "site") != nullptr, zone = find(mapping, "zone") != nullptr;
  if (site && zone)
    reader.error(mapping, "names both `site` and `zone`; give one of them");
  else if (!site && !zone && !is_any_misspelt(mapping, kind, kWhoKeys))
    reader.error(mapping, "says not who crashes; add a site, like `site: coordinator`, or a zone");
}

/// A link between a site and itself carries no messages.
void check_ends(Reader& reader, const FaultKind& kind, const Node& mapping, Fault& fault) {
  const Node* to = find(mapping, "to");
  if (find(mapping, "from") == nullptr && to == nullptr) {
    constexpr std::array<std::string_view, 2> kEnds = {"from", "to"};
    if (!is_any_misspelt(mapping, kind, kEnds))
      reader.error(mapping, "names no link; give from, to or both");
    return;
  }
  const bool one = fault.to == kCoordinatorName || fault.to.find('.') != std::string::npos;
  bool single = one;
  for (const Service& s : reader.file().scenario.services)
    single = single || (s.name == fault.to && s.count == 1);
  if (to != nullptr && !fault.to.empty() && fault.from == fault.to && single)
    reader.error(*to, "is the sender too; a site needs no network to reach itself");
}

void check_message(Reader& reader, const FaultKind& kind, const Node& mapping, Fault& fault) {
  constexpr std::array<std::string_view, 4> kActions = {"lose", "duplicate", "delay", "hold"};
  const auto acts = given(mapping, kActions);
  if (acts.empty() && is_any_misspelt(mapping, kind, kActions)) return;
  if (acts.empty())
    return reader.error(mapping,
                        "says not what happens; give one of lose, duplicate, delay, hold, like "
                        "`lose: PREPARE`");
  if (acts.size() > 1)
    return reader.error(
        mapping, concat({"both `", acts[0], "` and `", acts[1], "`; write a fault for each"}));
  check_length_of(reader, mapping, "delay", "by");
  check_length_of(reader, mapping, "hold", "for");
  if (find(mapping, "from") != nullptr || find(mapping, "to") != nullptr)
    check_ends(reader, kind, mapping, fault);
}

void check_clock(Reader& reader, const FaultKind& kind, const Node& mapping, Fault&) {
  constexpr std::array<std::string_view, 3> kErrors = {"offset", "drift", "jump"};
  constexpr std::array<std::string_view, 2> kInstants = {"at", "time"};
  if (given(mapping, kErrors).empty() && is_any_misspelt(mapping, kind, kErrors)) return;
  if (given(mapping, kErrors).empty())
    return reader.error(mapping, "says not what is wrong with the clock; give offset, drift, jump");
  const Node* jump = find(mapping, "jump");
  const auto instants = given(mapping, kInstants);
  if (jump != nullptr && instants.empty())
    reader.error(*jump, "needs its instant; add a time, like `time: 10ms`, or `at` and a point");
  if (jump == nullptr && !instants.empty())
    reader.error(*find(mapping, instants.front()),
                 "is the instant of a `jump`, which is not given; offset and drift hold from the "
                 "beginning on");
}

void check_disk(Reader& reader, const FaultKind&, const Node& mapping, Fault& fault) {
  const Node* restart = find(mapping, "restart");
  if (fault.lies && restart != nullptr)
    reader.error(*restart, "belongs to `then: crash`; a disk that lies stops nobody");
  const Node* at = find(mapping, "at");
  if (at == nullptr || fault.when.point == Point{}) return;
  const bool force =
      fault.when.point.where == Point::Where::before && fault.when.point.what == Point::What::force;
  if (!force)
    reader.error(*at, in_quotes(at->text) + " is no forced write; write before force RECORD");
}

}  // namespace indoubt
