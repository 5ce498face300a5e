#include "scenarios/loader.h"

#include <gtest/gtest.h>

#include "protocols/catalogue.h"

namespace indoubt {
namespace {

using std::chrono::milliseconds;
constexpr const char* kData = INDOUBT_SOURCE_DIR "/tests/scenarios/data";

std::string texts(const std::vector<Diagnostic>& list) {
  std::string out;
  for (const Diagnostic& d : list) out += text(d);
  return out;
}

ScenarioFile load(const std::string& text, const std::string& name = "s.yaml") {
  LoadResult result = load_scenario_text(text, name);
  EXPECT_TRUE(result.file) << texts(result.errors);
  return result.file ? *std::move(result.file) : ScenarioFile{};
}

LoadResult load_minimal_with(const std::string& more) {
  return load_scenario_text("indoubt: 1\nprotocols: [2pc]\nservices: {payment: {}}\n" + more,
                            "s.yaml");
}

TEST(Loader, GivesAbsentKeysTheDefaultsOfTheScenario) {
  Scenario expected;
  expected.protocols = {{"2pc", "2pc", standard_options(*find_protocol("2pc"))}};
  expected.services.emplace_back().name = "payment";
  const ScenarioFile file = load("indoubt: 1\nprotocols: [2pc]\nservices: {payment: }\n");
  EXPECT_EQ(file.scenario, expected);
  EXPECT_TRUE(file.compare.empty());
  EXPECT_TRUE(file.expect.empty());
  EXPECT_EQ(file.path, "s.yaml");
}

constexpr const char* kEverything = R"(# every key
indoubt: 1
title: Every key
protocols: [2pc, {3pc: {as: three, asking: one-by-one, prepare_resends: 2}}]
services:
  payment: {vote_yes: 0.99, prepare: 1ms + exponential 4ms, count: 2, site: coordinator}
  transfer: {vote_yes: 98%}
network:
  latency: exponential 5ms
  loss: 0.1%
  duplication: 1e-6
  order: fifo
  send_gap: 1us
  links:
    - {from: coordinator, to: payment, latency: 3ms, loss: 1%, duplication: 0}
    - {to: transfer, latency: uniform 1ms 2ms}
disk: {force: 0.5ms}
timeouts: {votes: 100ms, decision: never, commit: exponential 1s}
transactions: {count: 1_000_000, seed: 7, sites: fresh, arrivals: poisson 200/s, horizon: 10min}
compare: [unanimous, at-least-one]
expect:
  - no violation under 2pc, three
  - "commit is 90%"
)";

TEST(Loader, ReadsEveryKeyOfTheParticipants) {
  const Scenario s = load(kEverything).scenario;
  EXPECT_EQ(s.title, "Every key");
  ASSERT_EQ(s.protocols.size(), 2u);
  EXPECT_EQ(s.protocols[0].label, "2pc");
  EXPECT_EQ(s.protocols[1].protocol, "3pc");
  EXPECT_EQ(s.protocols[1].label, "three");
  ASSERT_EQ(s.services.size(), 2u);
  EXPECT_EQ(s.services[0].name, "payment");
  EXPECT_EQ(s.services[0].vote_yes, 0.99);
  EXPECT_EQ(s.services[0].prepare.text(), "1ms + exponential 4ms");
  EXPECT_EQ(s.services[0].count, 2);
  EXPECT_TRUE(s.services[0].at_coordinator);
  EXPECT_EQ(s.services[1].vote_yes, 0.98);
  EXPECT_FALSE(s.services[1].at_coordinator);
  EXPECT_EQ(s.participants(), 3);
}

TEST(Loader, ReadsEveryKeyOfTheSurroundings) {
  const Scenario s = load(kEverything).scenario;
  EXPECT_EQ(s.network.latency, Latency::exponential(milliseconds(5)));
  EXPECT_EQ(s.network.loss, 0.001);
  EXPECT_EQ(s.network.duplication, 1e-6);
  EXPECT_TRUE(s.network.fifo);
  EXPECT_EQ(s.network.send_gap, Duration{1000});
  ASSERT_EQ(s.network.links.size(), 2u);
  const LinkRule first{"coordinator", "payment", Latency::constant(milliseconds(3)), 0.01, 0.0};
  EXPECT_EQ(s.network.links[0], first);
  EXPECT_EQ(s.network.links[1].from, "");
  EXPECT_EQ(s.network.links[1].loss, std::nullopt);
  EXPECT_EQ(s.disk.force.mean(), 500'000);
  EXPECT_EQ(s.timeout("votes"), Latency::constant(milliseconds(100)));
  EXPECT_EQ(s.timeout("decision"), std::nullopt);
  EXPECT_EQ(s.timeout("commit"), Latency::exponential(std::chrono::seconds(1)));
  EXPECT_EQ(s.timeouts.size(), 3u);
}

TEST(Loader, ReadsEveryKeyOfTheRun) {
  const ScenarioFile file = load(kEverything);
  const Transactions& t = file.scenario.transactions;
  EXPECT_EQ(t.count, 1'000'000u);
  EXPECT_EQ(t.seed, 7u);
  EXPECT_EQ(t.sites, Sites::fresh);
  EXPECT_EQ(t.arrivals, (Arrivals{Arrivals::Kind::poisson, 5e6}));
  EXPECT_EQ(t.horizon, std::chrono::minutes(10));
  EXPECT_EQ(file.compare,
            (std::vector<const Model*>{find_model("unanimous"), find_model("at-least-one")}));
  ASSERT_EQ(file.expect.size(), 2u);
  EXPECT_EQ(file.expect[0].line, 22);
  EXPECT_EQ(file.expect[0].column, 5);
  EXPECT_EQ(file.expect[1].column, 6);
  EXPECT_EQ(file.expect[1].text, "commit is 90%");
}

TEST(Loader, ReadsClientsAndWhatMakesThemWait) {
  const ScenarioFile file = load(
      "indoubt: 1\nprotocols: [2pc]\nservices: {payment: {exclusive: yes}, transfer: {}}\n"
      "client: {attempts: 4, reply_loss: 2%, id: repeated}\n");
  EXPECT_TRUE(file.scenario.services[0].exclusive);
  EXPECT_FALSE(file.scenario.services[1].exclusive);
  EXPECT_EQ(file.scenario.client, (Client{4, 0.02, true}));
  const ScenarioFile closed = load(
      "indoubt: 1\nprotocols: [2pc]\nservices: {payment: {}}\n"
      "transactions: {arrivals: closed 20}\n");
  EXPECT_EQ(closed.scenario.transactions.arrivals, (Arrivals{Arrivals::Kind::closed, 0, 20}));
  EXPECT_EQ(closed.scenario.client, std::nullopt);
}

TEST(Loader, StoresOptionsInTheOrderOfTheirTable) {
  const ProtocolUse use = load(kEverything).scenario.protocols[1];
  const ProtocolEntry& entry = *find_protocol("3pc");
  ASSERT_EQ(use.options.size(), entry.options.size());
  const std::vector<int> standard = standard_options(entry);
  for (std::size_t i = 0; i < standard.size(); ++i) {
    const std::string_view name = entry.options[i].name;
    const int expected = name == "asking" ? 1 : name == "prepare_resends" ? 2 : standard[i];
    EXPECT_EQ(use.options[i], expected) << name;
  }
}

TEST(Loader, SharesSitesWhereTransactionsArriveInAStream) {
  const auto sites = [](const std::string& transactions) {
    return load_minimal_with("transactions: {" + transactions + "}\n")
        .file->scenario.transactions.sites;
  };
  EXPECT_EQ(sites("count: 5"), Sites::fresh);
  EXPECT_EQ(sites("arrivals: one-by-one"), Sites::fresh);
  EXPECT_EQ(sites("arrivals: poisson 100000/ms"), Sites::shared) << "the fastest rate";
  EXPECT_EQ(sites("arrivals: every 1ns"), Sites::shared);
  EXPECT_EQ(sites("arrivals: poisson 200/s"), Sites::shared);
  EXPECT_EQ(sites("arrivals: every 5ms"), Sites::shared);
  EXPECT_EQ(sites("arrivals: every 5ms, sites: fresh"), Sites::fresh);
  EXPECT_EQ(sites("arrivals: closed 20"), Sites::shared);
  EXPECT_EQ(sites("sites: shared"), Sites::shared);
}

TEST(Loader, TakesQuantilesFromTheScenario) {
  const Latency l =
      load_minimal_with(
          "network: {latency: {empirical: {0%: 1ms, 50%: 2ms, 1: 20ms}, minimum: 1ms}}\n")
          .file->scenario.network.latency;
  ASSERT_TRUE(l.quantiles);
  EXPECT_EQ(l.quantiles->size(), 3u);
  EXPECT_EQ((*l.quantiles)[1], (std::pair<double, double>{0.5, 2e6}));
  EXPECT_EQ(l.minimum, milliseconds(1));
}

TEST(Loader, TakesQuantilesFromAFileBesideTheScenario) {
  const ScenarioFile file =
      load("indoubt: 1\nprotocols: [2pc]\nservices: {payment: {prepare: empirical delays.csv}}\n",
           std::string(kData) + "/s.yaml");
  const Latency& l = file.scenario.services[0].prepare;
  ASSERT_TRUE(l.quantiles);
  EXPECT_EQ((*l.quantiles)[2], (std::pair<double, double>{1, 20e6}));
}

TEST(Loader, AcceptsByteOrderMarksAndCarriageReturns) {
  const std::string plain = "indoubt: 1\nprotocols: [2pc]\nservices:\n  payment: {}\n";
  std::string dos = "\xEF\xBB\xBF";
  for (const char c : plain) dos += c == '\n' ? "\r\n" : std::string(1, c);
  EXPECT_EQ(load(dos).scenario, load(plain).scenario);
}

TEST(Loader, ReportsAllErrorsInTheOrderOfTheirPlaces) {
  const LoadResult r = load_minimal_with(
      "expect: [nothing]\ntransactions: {seed: x, count: 0}\nnetwork: {loss: 2}\ntitel: x\n");
  EXPECT_FALSE(r.file);
  ASSERT_EQ(r.errors.size(), 5u) << texts(r.errors);
  for (std::size_t i = 1; i < r.errors.size(); ++i)
    EXPECT_LE(std::pair(r.errors[i - 1].line, r.errors[i - 1].column),
              std::pair(r.errors[i].line, r.errors[i].column));
}

TEST(Loader, ReadsFilesUpToOneMebibyte) {
  const std::string scenario = "indoubt: 1\nprotocols: [2pc]\nservices: {payment: {}}\n#";
  const std::size_t limit = std::size_t{1} << 20;
  EXPECT_TRUE(load_scenario_text(scenario + std::string(limit - scenario.size(), 'x'), "s").file);
  const LoadResult r =
      load_scenario_text(scenario + std::string(limit - scenario.size() + 1, 'x'), "s");
  ASSERT_EQ(r.errors.size(), 1u);
  EXPECT_EQ(text(r.errors[0]), "s: is larger than 1 MiB, the most that is read\n");
}

TEST(Loader, SaysWhyAFileCannotBeRead) {
  EXPECT_EQ(texts(load_scenario_file("no/such.yaml").errors), "no/such.yaml: no such file\n");
  EXPECT_EQ(texts(load_scenario_file(kData).errors),
            std::string(kData) + ": is a directory, not a file\n");
}

TEST(Loader, NotesLossThatNoTimeoutNotices) {
  const auto load_minimal_with = [](std::string more) {
    const std::string others = "decision: 1s, acks: 1s}\n";
    const std::size_t end = more.find("timeouts: {");
    if (end == more.npos) return indoubt::load_minimal_with(more + "timeouts: {" + others);
    return indoubt::load_minimal_with(more.substr(0, more.size() - 2) + ", " + others);
  };
  EXPECT_EQ(load_minimal_with("network: {loss: 1%}\n").notes.size(), 1u);
  EXPECT_EQ(load_minimal_with("network: {links: [{to: payment, loss: 1%}]}\n").notes.size(), 1u);
  EXPECT_EQ(load_minimal_with("network: {loss: 1%}\ntimeouts: {votes: never}\n").notes.size(), 1u);
  EXPECT_TRUE(load_minimal_with("network: {loss: 1%}\ntimeouts: {votes: 1s}\n").notes.empty());
  EXPECT_TRUE(load_minimal_with("").notes.empty());
}

TEST(Loader, NotesTimeoutsThatLossWouldNeedAndThatAreNamedNowhere) {
  const auto notes = [](const std::string& timeouts) {
    return texts(load_scenario_text("indoubt: 1\nprotocols: [2pc, 3pc]\nservices: {payment: {}}\n"
                                    "network: {loss: 1%}\ntimeouts: {votes: 1s" +
                                        timeouts + "}\n",
                                    "s.yaml")
                     .notes);
  };
  const std::string note = notes(", decision: 1s, acks: 1s");
  EXPECT_NE(note.find("s.yaml:4:1: network: messages can be lost, and these time-outs of 3pc have "
                      "no length, so who waits there waits for ever: commit, states"),
            std::string::npos)
      << note;
  EXPECT_EQ(note.find("2pc"), std::string::npos);
  EXPECT_EQ(notes(", decision: 1s, acks: 1s, commit: never, states: 1s"), "");
  EXPECT_NE(notes("").find("time-outs of 2pc have no length"), std::string::npos);
}

std::string notes_on_votes(const std::string& protocol, const std::string& votes) {
  const LoadResult loaded = load_scenario_text(
      "indoubt: 1\nprotocols: [" + protocol +
          "]\nservices: {near: {site: coordinator, prepare: 10ms}, "
          "far: {prepare: 1ms + exponential 1ms}}\n"
          "network: {latency: 1ms, links: [{to: far, latency: 4ms + exponential 1ms}]}\n"
          "timeouts: {votes: " +
          votes + "}\n",
      "s.yaml");
  EXPECT_TRUE(loaded.file) << texts(loaded.errors);
  return texts(loaded.notes);
}

// near: 10 ms of local work and free messages. far: 4 + 1 + 1 ms at least.
TEST(Loader, NotesAVoteTimeOutThatEndsBeforeTheFastestVote) {
  const std::string note = notes_on_votes("2pc, {3pc: {as: three}}", "9999us");
  EXPECT_NE(note.find("timeouts: votes: 9.999ms is too short for any vote of near to be in time "
                      "under 2pc, three: PREPARE, its local work and the vote take at least 10ms"),
            std::string::npos)
      << note;
  EXPECT_EQ(notes_on_votes("2pc", "10ms"), "");
  EXPECT_EQ(notes_on_votes("2pc", "uniform 5ms 10ms"), "");
  EXPECT_EQ(notes_on_votes("2pc", "never"), "");
}

TEST(Loader, NotesNoVoteTimeOutThatAsksAgainOrAsksOneAfterAnother) {
  EXPECT_EQ(notes_on_votes("{2pc: {prepare_resends: 1}}", "5ms"), "");
  EXPECT_NE(notes_on_votes("{2pc: {prepare_resends: 1}}", "4999us"), "");
  EXPECT_EQ(notes_on_votes("{2pc: {asking: one-by-one}}", "5ms"), "");
}

TEST(Loader, NotesARuleThatCannotCommit) {
  const auto notes = [](const std::string& least) {
    return load_scenario_text(
               "indoubt: 1\nservices: {a: {}, b: {}}\nprotocols: [{2pc: "
               "{decision_rule: at-least, at_least: " +
                   least + "}}]\n",
               "s")
        .notes.size();
  };
  EXPECT_EQ(notes("2"), 0u);
  EXPECT_EQ(notes("3"), 1u);
}

}  // namespace
}  // namespace indoubt
