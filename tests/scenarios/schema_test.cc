#include "scenarios/schema.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "protocols/catalogue.h"
#include "scenarios/concat.h"
#include "scenarios/fields.h"
#include "scenarios/loader.h"
#include "tests/scenarios/schema_check.h"

namespace indoubt {
namespace {

namespace fs = std::filesystem;

const Json& the_schema() {
  static const Json kSchema = schema();
  return kSchema;
}

bool schema_accepts(const std::string& text) {
  const Source source("s.yaml", text);
  Diagnostics errors("s.yaml");
  const YamlTree tree = read_yaml(source, errors);
  EXPECT_TRUE(errors.empty()) << text;
  return tree.root != nullptr && accepts(the_schema(), to_json(*tree.root));
}

bool both_accept(const std::string& text) {
  const bool loads = load_scenario_text(text, "s.yaml").file.has_value();
  EXPECT_EQ(schema_accepts(text), loads) << text;
  return loads;
}

std::string with(const std::string& more) {
  return "indoubt: 1\nprotocols: [2pc]\nservices: {payment: {}}\n" + more + "\n";
}

TEST(Schema, AcceptsTheLibrary) {
  for (const auto& entry :
       fs::recursive_directory_iterator(INDOUBT_SOURCE_DIR "/scenarios/library")) {
    if (!entry.is_regular_file()) continue;
    std::ostringstream text;
    text << std::ifstream(entry.path()).rdbuf();
    EXPECT_TRUE(schema_accepts(text.str())) << entry.path();
  }
}

TEST(Schema, AgreesWithTheLoaderOnWhatIsRight) {
  for (const char* more :
       {"",
        "title: 5",
        "network:",
        "network: {loss: 99.5%, latency: 5ms}",
        "network: {loss: 1e-6}",
        "network: {loss: 1, duplication: 0}",
        "network: {loss: 100%}",
        "network: {latency: exponential 5ms}",
        "network: {latency: 1ms + uniform 1ms 2ms}",
        "network: {latency: lognormal sigma 0.5 median 5ms}",
        "network: {send_gap: 1.5us}",
        "network: {latency: {empirical: {0%: 1ms, 100%: 2ms}, minimum: 1ms}}",
        "network: {links: [{from: coordinator, to: payment, loss: 1%}]}",
        "disk: {force: 0.5ms}",
        "timeouts: {votes: 100ms, decision: never}",
        "transactions: {count: 1_000_000, seed: 0}",
        "transactions: {arrivals: poisson 200/s, sites: fresh, horizon: 1h}",
        "transactions: {arrivals: every 5ms}",
        "cpu: 10us",
        "detection: timeouts",
        "detection: {delay: 5ms}",
        "disk: {queue: yes, group_commit: yes}",
        "coordinator: {weight: 2}",
        "zones: {east: [coordinator, payment]}",
        "faults:",
        "faults: []",
        "faults: [{crash: {site: payment, time: 1ms, restart: never}}]",
        "faults: [{crash: {site: [payment, coordinator], at: before send COMMIT to payment}}]",
        "faults: [{crash: {site: any, at: 'on YES: before force committed', occurrence: 2}}]",
        "faults: [{crash: {site: any, at: before force decision on votes, transactions: [1, 5]}}]",
        "faults: [{crash: {site: any, at: between the 1st and 2nd send of COMMIT}}]",
        "faults: [{crash: {site: any, at: per step, probability: 1%, window: {from: 1ms}}}]",
        "faults: [{partition: {groups: [[coordinator], [payment]], mttf: 1s, heals: 1s}}]",
        "faults: [{message: {hold: any, for: 1ms}}, {message: {lose: YES, nth: 1}}]",
        "faults: [{clock: {site: payment, offset: -5ms, drift: 1.5}}]",
        "faults: [{disk: {site: payment, fails: 1%, then: lie}}]",
        "faults: [{operator: {site: payment, time: 1s, decide: commit}}]",
        "predicates: {split: any participant committed and not coordinator down}",
        "predicates:",
        "report: {by: [40ms, 1.5s]}",
        "report:",
        "predicates: {up: payment up}\nexpect: [predicate.up is at least 5%]",
        "report: {by: [40ms]}\nexpect: [commit_by(40ms) is 5%, abort_by(40ms) is 0% under 2pc]",
        "compare: [unanimous]",
        "compare: []",
        "expect: [no violation, violation of AC3, commit agrees with unanimous within 1%]",
        "expect: [measured decision_time is at most 5ms under 2pc, commit is 90% within 1%]"})
    EXPECT_TRUE(both_accept(with(more)));
  EXPECT_TRUE(
      both_accept("indoubt: 1\nprotocols: [{2pc: {as: x, acks: no, at_least: 3}}, 3pc]\n"
                  "services: {a: , b: {count: 3, site: coordinator, vote_yes: 0.5}}\n"));
}

TEST(Schema, AgreesWithTheLoaderOnWhatIsWrong) {
  for (const char* more : {"titel: x",
                           "title: [x]",
                           "network: 5ms",
                           "network: {loss: 1.5}",
                           "network: {loss: 101%}",
                           "network: {loss: high}",
                           "network: {loss: -0.1}",
                           "network: {latency: 5}",
                           "network: {latency: 5sec}",
                           "network: {latency: -5ms}",
                           "network: {latency: exponential}",
                           "network: {latency: exponental 5ms}",
                           "network: {latency: exponential 5ms 6ms}",
                           "network: {latency: {quantiles: {0%: 1ms}}}",
                           "network: {order: filo}",
                           "network: {links: {from: payment}}",
                           "network: {send_gap: exponential 5ms}",
                           "disk: {fource: 1ms}",
                           "timeouts: {vote: 1s}",
                           "timeouts: {votes: nevr}",
                           "transactions: {count: 0}",
                           "transactions: {count: 1.5}",
                           "transactions: {count: many}",
                           "transactions: {seed: -1}",
                           "transactions: {sites: new}",
                           "transactions: {horizon: never}",
                           "transactions: {arrivals: poisson 200}",
                           "cpu: fast",
                           "detection: never",
                           "detection: {}",
                           "disk: {queue: maybe}",
                           "coordinator: {weight: x}",
                           "zones: {east: payment}",
                           "zones: {East: [payment]}",
                           "faults: {crash: {site: payment}}",
                           "faults: [crash]",
                           "faults: [{crash: {site: payment, time: 1ms, heals: 1s}}]",
                           "faults: [{crash: {site: payment, at: before sending COMMIT}}]",
                           "faults: [{crash: {site: payment, at: between the 1st send of YES}}]",
                           "faults: [{crash: {site: payment, at: before}}]",
                           "faults: [{crsh: {site: payment, time: 1ms}}]",
                           "faults: [{partition: {groups: [[payment]]}}]",
                           "faults: [{partition: {heals: 1s}}]",
                           "faults: [{slow: {to: payment, factor: 0.5}}]",
                           "faults: [{message: {lose: YES, nth: 0}}]",
                           "faults: [{operator: {site: payment, decide: commit}}]",
                           "predicates: {Up: payment up}",
                           "predicates: {up: [payment up]}",
                           "predicates: [payment up]",
                           "report: {by: 40ms}",
                           "report: {by: [40]}",
                           "report: {at: [40ms]}",
                           "expect: [commit_by(40) is 5%]",
                           "compare: [unanimus]",
                           "compare: unanimous",
                           "compare: [unanimous, unanimous]",
                           "expect: [commits is 5%]",
                           "expect: [no violations]",
                           "expect: [commit agrees with nobody]",
                           "expect: [commit]",
                           "expect: no violation"})
    EXPECT_FALSE(both_accept(with(more)));
}

TEST(Schema, AgreesWithTheLoaderOnRequiredKeys) {
  EXPECT_FALSE(both_accept("protocols: [2pc]\nservices: {a: {}}\n"));
  EXPECT_FALSE(both_accept("indoubt: 1\nservices: {a: {}}\n"));
  EXPECT_FALSE(both_accept("indoubt: 1\nprotocols: [2pc]\n"));
  EXPECT_FALSE(both_accept("indoubt: 2\nprotocols: [2pc]\nservices: {a: {}}\n"));
  EXPECT_FALSE(both_accept("indoubt: 1\nprotocols: []\nservices: {a: {}}\n"));
  EXPECT_FALSE(both_accept("indoubt: 1\nprotocols: [2pc]\nservices: {}\n"));
  EXPECT_FALSE(both_accept("indoubt: 1\nprotocols: [4pc]\nservices: {a: {}}\n"));
  EXPECT_FALSE(both_accept("indoubt: 1\nprotocols: [{2pc: {askin: x}}]\nservices: {a: {}}\n"));
  EXPECT_FALSE(both_accept("indoubt: 1\nprotocols: [2pc]\nservices: {coordinator: {}}\n"));
  EXPECT_FALSE(both_accept("indoubt: 1\nprotocols: [2pc]\nservices: {Payment: {}}\n"));
  EXPECT_FALSE(both_accept("indoubt: 1\nprotocols: [2pc]\nservices: {a: {vote_yse: 1}}\n"));
}

TEST(Schema, DescribesEveryFieldOfTheTables) {
  const std::string text = the_schema().dump();
  for (const Section* s : all_sections())
    for (const Field& f : s->fields)
      EXPECT_NE(text.find(concat({"\"", f.name, "\":"})), std::string::npos) << f.name;
  for (const ProtocolEntry& p : protocol_catalogue())
    for (const OptionField& o : p.options)
      EXPECT_NE(text.find(concat({"\"", o.name, "\":"})), std::string::npos) << o.name;
}

TEST(Schema, IsDraft7) {
  EXPECT_EQ(the_schema()["$schema"], "http://json-schema.org/draft-07/schema#");
  EXPECT_EQ(the_schema()["required"], Json::array({"indoubt", "protocols", "services"}));
}

}  // namespace
}  // namespace indoubt
