// The top of a scenario file, and its transactions.
#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "scenarios/structures.h"
#include "scenarios/value_schema.h"
#include "scenarios/values.h"

namespace indoubt {
namespace {

constexpr std::array<Field, 5> kTransactionFields = {
    field<kPositiveCount, &Transactions::count>("count", "10_000", "How many to simulate."),
    field<kSeed, &Transactions::seed>(
        "seed", "1",
        "Chooses the random numbers. One seed gives one result, to the bit; protocols "
        "of one file face the same votes, delays and losses."),
    field<kArrivals, &Transactions::arrivals>(
        "arrivals", "one-by-one",
        "When transactions begin: each after the end of the one before, as a Poisson process of "
        "this rate (at most 100000000/s), evenly spaced, or in a closed load: so many clients, "
        "each of which begins its next one when one has ended."),
    Field{"sites", &kSites, "fresh",
          "`fresh`: each transaction has sites of its own, up and empty when it begins; formulas "
          "describe this. `shared`: all transactions meet on the same sites.",
          &detail::read_member<kSites, &Transactions::sites>, false, nullptr,
          "`fresh`; `shared` where `arrivals` is given, unless a crash has `restart: never`"},
    field<kPositiveDuration, &Transactions::horizon>(
        "horizon", "1h", "A transaction without a decision after this time is unfinished.")};

void read_version(Reader& reader, const Node& node, void*) { kFormatVersion.read(reader, node); }

void read_transactions(Reader& reader, const Node& node, void* owner) {
  Transactions& transactions = static_cast<Scenario*>(owner)->transactions;
  read_section(reader, node, kTransactionsSection, &transactions);
  const bool streams = transactions.arrivals.kind != Arrivals::Kind::one_by_one;
  if (streams && find(node, "sites") == nullptr) transactions.sites = Sites::shared;
}

void read_disk(Reader& reader, const Node& node, void* owner) {
  Disk& disk = static_cast<Scenario*>(owner)->disk;
  read_section(reader, node, kDiskSection, &disk);
  const Node* group = find(node, "group_commit");
  const Node* queue = find(node, "queue");
  const bool side_by_side = queue == nullptr || queue->text == "no";
  if (disk.group_commit && side_by_side && group != nullptr)
    reader.error(*group, "needs `queue: yes`: what shares a write is what waits for the disk");
}

constexpr std::array<Field, 1> kCoordinatorFields = {
    field<kWeight, &Scenario::coordinator_weight>("weight", "1", "In quorums; 0 to 10000.")};

void read_coordinator(Reader& reader, const Node& node, void* owner) {
  read_section(reader, node, kCoordinatorSection, owner);
  const auto& scenario = *static_cast<Scenario*>(owner);
  const bool weightless = scenario.coordinator_weight == 0 && !scenario.services.empty() &&
                          std::all_of(scenario.services.begin(), scenario.services.end(),
                                      [](const Service& s) { return s.weight == 0; });
  if (weightless && !reader.is_broken("services"))
    reader.error(*find(node, "weight"), "all weights are 0; quorums need at least one above 0");
}

constexpr std::array<Field, 3> kClientFields = {
    field<kAttempts, &Client::attempts>(
        "attempts", "1",
        "How often the client asks at most, until it learns of a commit; 1 to 1000."),
    field<kProbability, &Client::reply_loss>(
        "reply_loss", "0", "Probability that an attempt's outcome does not reach the client."),
    field<kRequestId, &Client::repeats_id>(
        "id", "new",
        "`new`: each attempt is a transaction of its own, with votes of its own, so that a lost "
        "reply can pay twice. `repeated`: a request that has an outcome is told it again.")};

void read_client(Reader& reader, const Node& node, void* owner) {
  if (reader.top("client") == nullptr) return;  // a file without one has none
  auto& scenario = *static_cast<Scenario*>(owner);
  scenario.client.emplace();
  read_section(reader, node, kClientSection, &*scenario.client);
}

constexpr std::array<Field, 1> kDetectionFields = {
    field<kLatency, &FailureDetection::delay>("delay", {}, "From the crash to its detection.")};

constexpr std::string_view kTimeoutsOnly = "timeouts";

void read_detection(Reader& reader, const Node& node, void* owner) {
  FailureDetection& detection = static_cast<Scenario*>(owner)->detection;
  if (node.kind == Node::Kind::scalar && node.text == kTimeoutsOnly) return;
  if (node.kind != Node::Kind::mapping || node.entries.empty())
    return reader.error(node,
                        "found " + described(node) + "; write " + std::string(kDetection.wanted));
  read_section(reader, node, kDetectionSection, &detection);
}

Json detection_schema() {
  Json section = section_schema(kDetectionSection);
  section["minProperties"] = 1;
  return {{"anyOf", {{{"enum", {kTimeoutsOnly}}}, std::move(section)}}};
}

constexpr Field required(Field row) {
  row.required = true;
  return row;
}

constexpr std::array<Field, 20> kScenarioFields = {
    required({"indoubt", &kFormatVersion, {}, "Version of this format.", &read_version}),
    field<kText, &Scenario::title>("title", {}, "What the scenario is about, for its reports."),
    required({"protocols",
              &kProtocols,
              {},
              "The protocols to run, each on the same votes, delays and losses: a name, or "
              "`{NAME: {as: LABEL, OPTION: VALUE, ...}}`.",
              &read_protocols}),
    required({"services",
              &kServices,
              {},
              "Who takes part in each transaction beside the coordinator.",
              &read_services}),
    Field{"coordinator",
          nullptr,
          {},
          "The coordinator.",
          &read_coordinator,
          false,
          &kCoordinatorSection},
    mapping<kNetworkSection, &Scenario::network>("network", "What a message meets on its way."),
    Field{"disk", nullptr, {}, "What a record meets on its way.", &read_disk, false, &kDiskSection},
    field<kLatency, &Scenario::cpu>("cpu", "0s",
                                    "Time that a site's one processor takes for each message it "
                                    "handles; 0: any number of messages at one instant."),
    Field{"detection", &kDetection, "timeouts",
          "How the crash of a site becomes known to the others: by time-outs only, or from a "
          "perfect detector, so long after the crash.",
          &read_detection},
    Field{"timeouts",
          &kTimeouts,
          {},
          "How long each timer of the protocols runs, from the sending of the message before it. A "
          "timer that is not named here never fires.",
          &read_timeouts},
    Field{"transactions",
          nullptr,
          {},
          "How many transactions, and when they begin.",
          &read_transactions,
          false,
          &kTransactionsSection},
    field<kYesNo, &Scenario::execution>(
        "execution", "no",
        "Whether each participant at another site gets a work request and replies before the "
        "commit begins. Its messages are not among `messages`: two for each such participant."),
    Field{"client",
          nullptr,
          {},
          "Who asks for a payment, and asks again. Without it each transaction is a payment.",
          &read_client,
          false,
          &kClientSection},
    Field{"zones",
          &kZones,
          {},
          "Sites that can fail together, by name: `{east: [coordinator, payment]}`. A site may be "
          "in several.",
          &read_zones},
    Field{"faults", &kFaults, {}, "What goes wrong.", &read_faults},
    Field{"predicates",
          &kPredicates,
          {},
          "What may hold at the end of a transaction, by names of your own: each is a measure, "
          "`predicate.NAME`, the share of transactions at whose end it holds.",
          &read_predicates},
    Field{"report",
          nullptr,
          {},
          "What a run reports beside the measures that it always has.",
          [](Reader& reader, const Node& node, void* owner) {
            read_section(reader, node, kReportSection, owner);
          },
          false,
          &kReportSection},
    mapping<kExploreSection, &Scenario::exploration>(
        "explore", "What `indoubt explore` tries, and what it asks."),
    Field{"compare",
          &kComparisons,
          {},
          "Models to show beside the measured values.",
          &read_comparisons},
    Field{"expect",
          &kExpectations,
          {},
          "What the run must show; a run of which one of these does not hold fails.",
          &read_expectations}};

}  // namespace

const Section kScenarioSection{"scenario", "lines of `key: value`, beginning with indoubt: 1",
                               "The keys of a scenario file. Three are required.", kScenarioFields};
const ValueKind kDetection{"`timeouts`, or [keys of detection](#detection)",
                           "timeouts, or a delay, like {delay: 5ms}", &detection_schema};
const Section kCoordinatorSection{"coordinator", "a mapping, like {weight: 2}",
                                  "The coordinator, a site by this name.", kCoordinatorFields};
const Section kDetectionSection{"detection", "a mapping, like {delay: 5ms}",
                                "A perfect failure detector.", kDetectionFields};
const Section kClientSection{"client", "a mapping, like {attempts: 3, reply_loss: 1%}",
                             "A client that asks again. `transactions.count` then counts payments, "
                             "and attempt a of payment k is transaction (k - 1) * attempts + a. "
                             "Needs sites that are not shared.",
                             kClientFields};
const Section kTransactionsSection{"transactions", "a mapping, like {count: 1000000, seed: 1}",
                                   "How many transactions, and when they begin.",
                                   kTransactionFields};

}  // namespace indoubt
