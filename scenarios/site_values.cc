// Sites as faults and zones name them: one, lists, and the groups of a partition.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "scenarios/concat.h"
#include "scenarios/fault_values.h"
#include "scenarios/known_names.h"
#include "scenarios/value_schema.h"

namespace indoubt {
namespace {

constexpr std::string_view kSitePattern = R"([a-z][a-z0-9_-]*(\.[0-9]+)?)";

/// Whether anybody is called so; an error if not.
bool check_site(Reader& reader, const Node& node, std::string_view name, SiteNames::Use use) {
  const KnownNames& known = known_names(reader);
  const bool judged = known.judged && !(use == SiteNames::Use::zones && reader.is_broken("zones"));
  auto problem = judged ? known.sites.problem(name, use) : std::nullopt;
  if (!problem) return true;
  if (reader.is_broken("zones") && use != SiteNames::Use::zone) return true;
  reader.error(node, *std::move(problem));
  return false;
}

std::optional<Who> read_site(Reader& reader, const Node& node) {
  const std::string* text = reader.scalar(node, kSiteName.wanted);
  if (text == nullptr || !check_site(reader, node, *text, SiteNames::Use::fault))
    return std::nullopt;
  return *text;
}

/// Names in a list, each once.
std::optional<std::vector<Who>> read_list(Reader& reader, const Node& node, SiteNames::Use use,
                                          std::string_view wanted) {
  if (node.kind != Node::Kind::sequence || node.items.empty()) {
    reader.error(node, concat({"found ",
                               node.items.empty() && node.kind == Node::Kind::sequence
                                   ? std::string("an empty list")
                                   : described(node),
                               "; write ", wanted}));
    return std::nullopt;
  }
  std::vector<Who> names;
  bool ok = true;
  for (const Node* item : node.items) {
    const std::string* text = reader.scalar(*item, "the name of a site");
    if (text == nullptr || !check_site(reader, *item, *text, use)) {
      ok = false;
    } else if (std::find(names.begin(), names.end(), *text) != names.end()) {
      reader.error(*item, in_quotes(*text) + " is named twice");
      ok = false;
    } else {
      names.push_back(*text);
    }
  }
  return ok ? std::optional(std::move(names)) : std::nullopt;
}

std::optional<std::vector<Who>> read_one_or_list(Reader& reader, const Node& node,
                                                 SiteNames::Use use, std::string_view wanted) {
  if (node.kind != Node::Kind::scalar) return read_list(reader, node, use, wanted);
  if (!check_site(reader, node, node.text, use)) return std::nullopt;
  return std::vector<Who>{node.text};
}

Json site_schema() { return text_schema(kSitePattern); }
Json site_list_schema() {
  return {{"type", "array"}, {"minItems", 1}, {"uniqueItems", true}, {"items", site_schema()}};
}
Json sites_schema() { return {{"anyOf", {site_schema(), site_list_schema()}}}; }

// ---- groups of a partition ---------------------------------------------------------------------

/// Reports sites of `group` that an earlier group has.
void check_overlap(Reader& reader, const Node& node, const std::vector<std::vector<Who>>& before,
                   const std::vector<Who>& group) {
  const KnownNames& known = known_names(reader);
  if (!known.judged) return;
  for (std::size_t i = 0; i < group.size(); ++i)
    for (const std::string& site : known.sites.sites(group[i]))
      for (std::size_t g = 0; g < before.size(); ++g)
        for (const Who& other : before[g]) {
          const auto taken = known.sites.sites(other);
          if (std::find(taken.begin(), taken.end(), site) == taken.end()) continue;
          return reader.error(
              *node.items[i],
              concat({in_quotes(group[i]),
                      site == group[i] ? "" : concat({" means the site of ", site, ", which"}),
                      " is in group ", std::to_string(g + 1), " already (", other,
                      "); a site is in one group at most"}));
        }
}

std::optional<std::vector<std::vector<Who>>> read_groups(Reader& reader, const Node& node) {
  if (node.kind != Node::Kind::sequence || node.items.size() < 2) {
    const bool one = node.kind == Node::Kind::sequence && node.items.size() == 1;
    reader.error(
        node, concat({"found ", one ? "one group" : described(node), "; write ", kGroups.wanted}));
    return std::nullopt;
  }
  std::vector<std::vector<Who>> groups;
  bool ok = true;
  for (const Node* item : node.items) {
    auto group = read_list(reader, *item, SiteNames::Use::group,
                           "a list of sites, like [coordinator, payment]");
    ok = ok && group.has_value();
    if (!group) continue;
    check_overlap(reader, *item, groups, *group);
    groups.push_back(std::move(*group));
  }
  return ok ? std::optional(std::move(groups)) : std::nullopt;
}

Json groups_schema() { return {{"type", "array"}, {"minItems", 2}, {"items", site_list_schema()}}; }

}  // namespace

const Syntax<Who> kSiteName{{"[site](#sites)", "the name of a site, like payment", &site_schema},
                            &read_site};
const Syntax<std::vector<Who>> kSiteNames{
    {"[site](#sites), or a list of them", "a site or a list of them, like [payment, transfer]",
     &sites_schema, "payment"},
    [](Reader& r, const Node& n) {
      return read_one_or_list(r, n, SiteNames::Use::fault, kSiteNames.wanted);
    }};
const Syntax<std::vector<Who>> kZoneNames{
    {"zone, or a list of them", "a zone or a list of them, like east", &sites_schema},
    [](Reader& r, const Node& n) {
      return read_one_or_list(r, n, SiteNames::Use::zones, kZoneNames.wanted);
    }};
const Syntax<std::vector<Who>> kZoneMembers{
    {"list of sites", "a list of sites, like [coordinator, payment]", &site_list_schema},
    [](Reader& r, const Node& n) {
      return read_list(r, n, SiteNames::Use::zone, kZoneMembers.wanted);
    }};
const Syntax<std::vector<std::vector<Who>>> kGroups{
    {"two or more lists of sites",
     "two or more groups, like [[coordinator, payment], [settlement]]", &groups_schema,
     "[[coordinator, payment], [settlement]]"},
    &read_groups};

}  // namespace indoubt
