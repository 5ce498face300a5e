// Goal: a predicate in a file means what it says, and is a measure in every place where measures
// are.
#include <gtest/gtest.h>

#include "scenarios/predicate_parser.h"
#include "scenarios/runner.h"

namespace indoubt {
namespace {

/// coordinator 0, payment 1, shard.1 to shard.3 2 to 4, acceptors from 5 on.
class PredicateText : public testing::Test {
 protected:
  PredicateText() {
    for (const auto& [name, count] : {std::pair("payment", 1), std::pair("shard", 3)}) {
      Service service;
      service.name = name;
      service.count = count;
      scenario_.services.push_back(service);
    }
    names_ = {&scenario_, {{"acceptor", 3}}, {"initial", "prepared", "pre-committed"}};
  }
  Predicate read(std::string_view text) const {
    auto parsed = parse_predicate(text, names_);
    EXPECT_TRUE(parsed) << text << ": " << parsed.error.message;
    return parsed ? *std::move(parsed.value) : Predicate{};
  }
  std::string error(std::string_view text) const {
    const auto parsed = parse_predicate(text, names_);
    EXPECT_FALSE(parsed) << text;
    return parsed ? "" : std::to_string(parsed.error.offset) + ": " + parsed.error.message;
  }
  bool holds(std::string_view text) const { return read(text).holds({people_, 4, record_}); }
  Scenario scenario_;
  PredicateNames names_;
  std::vector<ProcessFacts> people_ = std::vector<ProcessFacts>(8);
  Outcome record_ = Outcome::none;
};

TEST_F(PredicateText, SpeaksOfOneProcess) {
  people_[1].decision = Outcome::commit;
  people_[3].up = false;
  people_[6].up = false;
  EXPECT_TRUE(holds("payment committed"));
  EXPECT_FALSE(holds("coordinator committed"));
  EXPECT_TRUE(holds("shard.2 down"));
  EXPECT_FALSE(holds("shard.1 down"));
  EXPECT_TRUE(holds("acceptor.2 down"));
  EXPECT_FALSE(holds("acceptor.3 down"));
}

TEST_F(PredicateText, SpeaksOfAnyAllOrNoneOfAGroup) {
  people_[2].decision = people_[3].decision = Outcome::commit;
  EXPECT_TRUE(holds("any shard committed"));
  EXPECT_FALSE(holds("all shard committed"));
  EXPECT_FALSE(holds("no participant committed"));
  EXPECT_TRUE(holds("no participant aborted"));
  EXPECT_TRUE(holds("all acceptor up"));
  people_[4].decision = Outcome::commit;
  EXPECT_TRUE(holds("all shard committed"));
  EXPECT_FALSE(holds("all participant committed"));
  people_[7].up = false;
  EXPECT_FALSE(holds("all acceptor up"));
  EXPECT_TRUE(holds("any payment undecided")) << "a group of one is one too";
}

TEST_F(PredicateText, CountsAGroup) {
  people_[1].decision = people_[3].decision = Outcome::commit;
  EXPECT_TRUE(holds("count(participant committed) = 2"));
  EXPECT_TRUE(holds("count( shard committed )>=1"));
  EXPECT_FALSE(holds("count(participant committed)>2"));
  EXPECT_TRUE(holds("count(participant undecided) != 3"));
  EXPECT_TRUE(holds("count(acceptor up) <= 3"));
  EXPECT_FALSE(holds("count(acceptor up) < 3"));
}

TEST_F(PredicateText, SaysEveryFact) {
  ProcessFacts& payment = people_[1];
  payment.voted = Voted::yes;
  payment.in_doubt = payment.blocked = true;
  payment.state = "pre-committed";
  payment.learnt = Outcome::abort;
  record_ = Outcome::abort;
  for (const auto* text :
       {"payment undecided", "payment voted yes", "payment in doubt", "payment blocked",
        "payment up", "payment learnt abort", "payment in state pre-committed",
        "payment in state \"pre-committed\"", "coordinator has record aborted",
        "coordinator voted nothing", "coordinator learnt nothing"})
    EXPECT_TRUE(holds(text)) << text;
  for (const auto* text :
       {"payment committed", "payment aborted", "payment voted no", "payment voted read",
        "payment voted nothing", "payment down", "payment learnt commit", "payment learnt nothing",
        "payment in state prepared", "coordinator has record committed",
        "coordinator has record nothing", "coordinator blocked"})
    EXPECT_FALSE(holds(text)) << text;
}

TEST_F(PredicateText, AndBindsBeforeOrAndNotBeforeBoth) {
  const auto value = [&](bool a, bool b, bool c, std::string_view text) {
    people_[0].up = a;
    people_[1].up = b;
    people_[2].up = c;
    return holds(text);
  };
  for (unsigned bits = 0; bits < 8; ++bits) {
    const bool a = bits & 1, b = bits & 2, c = bits & 4;
    EXPECT_EQ(value(a, b, c, "coordinator up or payment up and shard.1 up"), a || (b && c));
    EXPECT_EQ(value(a, b, c, "(coordinator up or payment up) and shard.1 up"), (a || b) && c);
    EXPECT_EQ(value(a, b, c, "not coordinator up and payment up or shard.1 up"), (!a && b) || c);
    EXPECT_EQ(value(a, b, c, "not (coordinator up or payment up)"), !a && !b);
    EXPECT_EQ(value(a, b, c, "coordinator up and not not payment up"), a && b);
  }
}

TEST_F(PredicateText, ErrorsPointAtTheirPlace) {
  EXPECT_EQ(error("shard committed"),
            "0: 'shard' is a group; write any shard, all shard or no shard");
  EXPECT_EQ(error("payment comitted"),
            "8: 'comitted' is no fact; did you mean committed? facts: committed, aborted, "
            "undecided, voted, in, blocked, up, down, learnt, has");
  EXPECT_EQ(error("payment up and"),
            "14: the predicate ends where `not`, `(`, `count`, `any`, `all`, `no` or a process "
            "(coordinator, payment, shard) is expected");
  EXPECT_EQ(error("payment has record committed"),
            "8: only the coordinator's record can be asked for: write coordinator has record "
            "committed");
  EXPECT_EQ(error("any coordinator up"),
            "4: 'coordinator' is one process and no group; groups: participant, payment, shard, "
            "acceptor");
}

TEST_F(PredicateText, IsNotNestedWithoutEnd) {
  EXPECT_NE(error(std::string(60, '(') + "payment up").find("too deep"), std::string::npos);
  std::string nots;
  for (int i = 0; i < 60; ++i) nots += "not ";
  EXPECT_NE(error(nots + "payment up").find("too deep"), std::string::npos);
}

// ---- in a file

// p2 votes NO under a protocol that commits by majority.
constexpr std::string_view kFile = R"(indoubt: 1
protocols: [2pc, 3pc-majority]
services: {p: {count: 3}, q: {vote_yes: 0}}
network: {latency: 10ms}
transactions: {count: 100}
predicates:
  split: any p committed and q aborted
  whole: not (any participant committed and any participant aborted)
report: {by: [40ms, 1.5s]}
expect:
  - predicate.split is 100% under 3pc-majority
  - predicate.split is at most 0% under 2pc
  - predicate.whole is at least 100% under 2pc
  - commit_by(40ms) is at most 0%
  - commit_by(1.5s) is at least 100% under 3pc-majority
  - abort_by(40ms) is at least 100% under 2pc
  - violation of AC1 under 3pc-majority
  - violation of AC3 under 3pc-majority
)";

TEST(PredicatesOfAFile, AreMeasuredExpectedAndReported) {
  const LoadResult loaded = load_scenario_text(std::string(kFile), "split.yaml");
  for (const Diagnostic& d : loaded.errors) ADD_FAILURE() << text(d);
  ASSERT_TRUE(loaded.file);
  const RunResult result = run_scenario(*loaded.file, {});
  for (const ExpectationResult& e : result.expectations)
    EXPECT_EQ(e.status, ExpectationResult::Status::met) << e.text << ": " << e.detail;
  EXPECT_EQ(result.protocols[0].totals.predicates, (std::vector<std::uint64_t>{0, 100}));
  EXPECT_EQ(result.protocols[1].totals.predicates, (std::vector<std::uint64_t>{100, 0}));
}

}  // namespace
}  // namespace indoubt
