// The top of a scenario file, and its transactions.
#include <array>

#include "scenarios/structures.h"
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
        "this rate (at most 100000000/s), or evenly spaced."),
    Field{"sites", &kSites, "fresh",
          "`fresh`: each transaction has sites of its own, up and empty when it begins; formulas "
          "describe this. `shared`: all transactions meet on the same sites.",
          &detail::read_member<kSites, &Transactions::sites>, false, nullptr,
          "`fresh`; `shared` where `arrivals` is given"},
    field<kPositiveDuration, &Transactions::horizon>(
        "horizon", "1h", "A transaction without a decision after this time is unfinished.")};

void read_version(Reader& reader, const Node& node, void*) { kFormatVersion.read(reader, node); }

void read_transactions(Reader& reader, const Node& node, void* owner) {
  Transactions& transactions = static_cast<Scenario*>(owner)->transactions;
  read_section(reader, node, kTransactionsSection, &transactions);
  const bool streams = transactions.arrivals.kind != Arrivals::Kind::one_by_one;
  if (streams && find(node, "sites") == nullptr) transactions.sites = Sites::shared;
}

constexpr Field required(Field row) {
  row.required = true;
  return row;
}

constexpr std::array<Field, 10> kScenarioFields = {
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
    mapping<kNetworkSection, &Scenario::network>("network", "What a message meets on its way."),
    mapping<kDiskSection, &Scenario::disk>("disk", "What a record meets on its way."),
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
const Section kTransactionsSection{"transactions", "a mapping, like {count: 1000000, seed: 1}",
                                   "How many transactions, and when they begin.",
                                   kTransactionFields};

}  // namespace indoubt
