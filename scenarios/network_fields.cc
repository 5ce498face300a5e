// network and disk: what messages and forced writes meet.
#include <array>
#include <nlohmann/json.hpp>

#include "scenarios/structures.h"
#include "scenarios/suggestion.h"
#include "scenarios/value_schema.h"
#include "scenarios/values.h"

namespace indoubt {
namespace {

constexpr std::string_view kLinksWanted =
    "a list of links, like [{from: coordinator, to: payment, latency: 3ms}]";

constexpr std::array<Field, 5> kLinkFields = {
    field<kLinkEnd, &LinkRule::from>("from", {}, "A service, or `coordinator`; absent: any site."),
    field<kLinkEnd, &LinkRule::to>("to", {}, "The same for the receiver."),
    field<kLatency, &LinkRule::latency>("latency", {}, "Instead of the network's."),
    field<kProbability, &LinkRule::loss>("loss", {}, "Instead of the network's."),
    field<kProbability, &LinkRule::duplication>("duplication", {}, "Instead of the network's.")};

void read_links(Reader& reader, const Node& node, void* owner) {
  auto& network = *static_cast<Network*>(owner);
  if (!reader.is_list(node, kLinksWanted)) return;
  for (const Node* item : node.items) {
    LinkRule rule;
    read_section(reader, *item, kLinkSection, &rule);
    const bool gives = find(*item, "latency") != nullptr || find(*item, "loss") != nullptr ||
                       find(*item, "duplication") != nullptr;
    if (item->kind == Node::Kind::mapping && !gives)
      reader.error(*item, "changes nothing; give it a latency, loss or duplication");
    network.links.push_back(std::move(rule));
  }
}

Json links_schema() {
  return {{"type", {"array", "null"}}, {"items", section_schema(kLinkSection)}};
}

std::optional<std::string> read_link_end(Reader& reader, const Node& node) {
  const std::string* text = reader.scalar(node, kLinkEnd.wanted);
  if (text == nullptr) return std::nullopt;
  std::vector<std::string_view> sites{kCoordinatorName};
  for (const Service& s : reader.file().scenario.services)
    if (s.name != kCoordinatorName) sites.push_back(s.name);
  const bool known = std::find(sites.begin(), sites.end(), *text) != sites.end();
  if (known || reader.is_broken("services")) return *text;
  reader.error(node,
               in_quotes(*text) + " is no service of this file" + choices(*text, "sites", sites));
  return std::nullopt;
}

Json link_end_schema() { return text_schema("[a-z][a-z0-9_-]*"); }

constexpr std::array<Field, 6> kNetworkFields = {
    field<kLatency, &Network::latency>("latency", "0s", "Time a message takes."),
    field<kProbability, &Network::loss>("loss", "0", "Probability that a message is lost."),
    field<kProbability, &Network::duplication>("duplication", "0",
                                               "Probability that a message arrives twice."),
    field<kMessageOrder, &Network::fifo>(
        "order", "none",
        "`fifo`: messages on one link arrive in the order of their sending, on shared sites those "
        "of all transactions."),
    field<kDuration, &Network::send_gap>(
        "send_gap", "0s",
        "Between the single sends of one broadcast; 0: they leave at one instant."),
    Field{"links",
          &kLinks,
          {},
          "Exceptions from the lines above, one for each link or group of links. Of several that "
          "match a message the last one wins, for each of its keys.",
          &read_links}};

constexpr std::array<Field, 3> kDiskFields = {
    field<kLatency, &Disk::force>("force", "0s",
                                  "Time a forced write takes. Unforced writes take none."),
    field<kYesNo, &Disk::queue>("queue", "no",
                                "Whether a site's disk makes one forced write at a time. Without a "
                                "queue they take place side by side."),
    field<kYesNo, &Disk::group_commit>("group_commit", "no",
                                       "Whether forces that come while the disk writes share its "
                                       "next write. Needs `queue: yes`.")};

}  // namespace

const ValueKind kLinks{"list of links", kLinksWanted, &links_schema};
const Syntax<std::string> kLinkEnd{
    {"a service or `coordinator`", "the name of a service, or coordinator", &link_end_schema},
    &read_link_end};

const Section kNetworkSection{"network", "a mapping, like {latency: exponential 5ms, loss: 0.1%}",
                              "What a message meets on its way.", kNetworkFields};
const Section kLinkSection{"link", "a mapping, like {from: coordinator, to: payment, latency: 3ms}",
                           "An item of `network.links`. It holds in the direction it names.",
                           kLinkFields};
const Section kDiskSection{"disk", "a mapping, like {force: 0.5ms}",
                           "What a record meets on its way to stable storage.", kDiskFields};

}  // namespace indoubt
