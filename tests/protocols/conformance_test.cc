// Goal: what every protocol of the catalogue must do without crashes, losses or time-outs, whatever
// the order of messages. A new row is tested here without further edits.
#include <gtest/gtest.h>

#include <algorithm>

#include <cstring>
#include <set>

#include "protocols/catalogue.h"
#include "sim/random/draws.h"
#include "tests/support/effort.h"
#include "tests/support/puppet.h"

namespace indoubt {
namespace {

/// Wide enough for every form of a protocol; protocols that send n * n messages take minutes with
/// more under the sanitizers, which slow them down by a factor of twenty.
constexpr int kWidest = kSanitized ? 100 : kMostProcesses - 1;

struct Case {
  std::string_view protocol;
  int participants;
};

void PrintTo(const Case& c, std::ostream* out) { *out << c.protocol << " with " << c.participants; }

std::vector<Case> every_protocol() {
  std::vector<Case> cases;
  for (const ProtocolEntry& row : protocol_catalogue()) {
    for (const int n : {1, 2, 3, std::min(row.most_participants, kWidest)})
      cases.push_back({row.name, n});
  }
  return cases;
}

/// Runs a transaction until nothing is in flight and no local work is left. Messages arrive in an
/// order drawn from `seed` (0: the order of sending), each `copies` times.
void finish(Puppet& w, const std::set<int>& no_voters, std::uint64_t seed = 0, int copies = 1) {
  const Draws draws(seed, 0);
  for (std::uint64_t n = 0;; ++n) {
    bool worked = false;
    for (int p = 1; p < w.processes(); ++p) {
      if (!w.works(p)) continue;
      w.prepared(p, no_voters.count(p) == 0);
      worked = true;
    }
    if (!w.quiet()) {
      const std::uint64_t word = seed == 0 ? 0 : draws.word({1, Purpose::link, 0, n});
      w.deliver_number(word % w.flying(), copies);
    } else if (!worked) {
      return;
    }
  }
}

int participants(const Puppet& w) { return w.machine().group.participants; }

void expect_all(const Puppet& w, Outcome outcome, const std::set<int>& but = {}, int first = 0) {
  for (int p = first; p <= participants(w); ++p) {
    if (!w.machine().traits.decides(p) && but.count(p) == 0) continue;
    const Outcome expected = but.count(p) != 0 ? Outcome::abort : outcome;
    ASSERT_EQ(w.outcome(p), expected) << "process " << p;
    ASSERT_EQ(w.decided(p), expected) << "process " << p << " has decided, so it says";
  }
}

/// The decision of a run in which so many vote NO; NO voters themselves abort in any case.
Outcome due(const Puppet& w, int no_votes) {
  const int n = participants(w);
  return n - no_votes >= w.machine().traits.needed(n) ? Outcome::commit : Outcome::abort;
}

class EveryProtocol : public testing::TestWithParam<Case> {
 protected:
  Puppet started(const std::vector<NamedOption>& options = {}) const {
    const std::string_view protocol = GetParam().protocol;
    Puppet w(protocol, GetParam().participants, known_options(protocol, options));
    w.start();
    return w;
  }
  /// Seeds of the orders that are tried; fewer where there are many processes.
  std::uint64_t orders() const { return GetParam().participants > 3 ? 2 : 200; }
};

TEST_P(EveryProtocol, CommitsEverywhereWhenAllVoteYes) {
  for (std::uint64_t seed = 0; seed <= orders(); ++seed) {
    Puppet w = started();
    finish(w, {}, seed);
    expect_all(w, Outcome::commit);
  }
}

TEST_P(EveryProtocol, FollowsItsDecisionRuleWhenOneVotesNo) {
  for (const int no_voter : {1, GetParam().participants}) {
    for (std::uint64_t seed = 0; seed <= orders(); ++seed) {
      Puppet w = started();
      finish(w, {no_voter}, seed);
      expect_all(w, due(w, 1), {no_voter});
    }
  }
}

TEST_P(EveryProtocol, AbortsEverywhereWhenAllVoteNo) {
  Puppet w = started();
  std::set<int> all;
  for (int p = 1; p <= participants(w); ++p) all.insert(p);
  finish(w, all);
  expect_all(w, Outcome::abort);
}

TEST_P(EveryProtocol, ComesToTheSameOutcomeWhenEveryMessageArrivesTwice) {
  for (const std::set<int>& no_voters : {std::set<int>{}, std::set<int>{1}}) {
    for (std::uint64_t seed = 0; seed <= orders(); ++seed) {
      Puppet w = started();
      finish(w, no_voters, seed, 2);
      expect_all(w, due(w, static_cast<int>(no_voters.size())), no_voters);
    }
  }
}

TEST_P(EveryProtocol, KeepsItsOutcomeWhenEverythingArrivesOnceMoreAfterwards) {
  for (const std::set<int>& no_voters : {std::set<int>{}, std::set<int>{1}}) {
    Puppet w = started();
    finish(w, no_voters);
    w.repeat_everything();
    finish(w, no_voters);
    expect_all(w, due(w, static_cast<int>(no_voters.size())), no_voters);
  }
}

TEST_P(EveryProtocol, ArmsNoTimerThatAParticipantLeavesBehind) {
  Puppet w = started();
  finish(w, {});
  for (int p = 1; p < w.processes(); ++p) ASSERT_EQ(w.armed(p), "") << "process " << p;
}

TEST_P(EveryProtocol, ReachesEqualBytesFromEqualInputs) {
  Puppet first = started(), second = started();
  finish(first, {1}, 7);
  finish(second, {1}, 7);
  for (int p = 0; p < first.processes(); ++p) {
    ASSERT_EQ(std::memcmp(first.bytes(p), second.bytes(p), first.machine().state_size), 0);
  }
}

TEST_P(EveryProtocol, KeepsItsDecisionOverACrashOfEverySite) {
  for (const std::set<int>& no_voters : {std::set<int>{}, std::set<int>{1}}) {
    Puppet w = started();
    finish(w, no_voters);
    const Outcome decided = w.outcome(0);
    for (int p = 0; p < w.processes(); ++p) w.recover(p);
    finish(w, no_voters);
    for (int p = 0; p <= participants(w); ++p) {
      if (!w.machine().traits.decides(p)) continue;
      const Outcome expected = no_voters.count(p) != 0 ? Outcome::abort : decided;
      ASSERT_EQ(w.outcome(p), expected) << "process " << p;
    }
  }
}

TEST_P(EveryProtocol, CommitsUnderEveryValueOfEveryOption) {
  if (GetParam().participants > 3) return;
  const ProtocolEntry& row = *find_protocol(GetParam().protocol);
  for (const OptionField& field : row.options) {
    std::vector<std::string> values;
    for (const std::string_view choice : field.choices) values.emplace_back(choice);
    if (values.empty()) values = {std::to_string(field.least)};
    for (const std::string& value : values) {
      SCOPED_TRACE(std::string(field.name) + ": " + value);
      Puppet w = started({{field.name, value}});
      finish(w, {});
      const bool left_out = field.name == "coordinator_learns" && value == "no";
      expect_all(w, Outcome::commit, {}, left_out ? 1 : 0);
    }
  }
}

TEST_P(EveryProtocol, IsSymmetricInItsParticipantsIfItSaysSo) {
  const int n = GetParam().participants;
  if (n < 2 || started().machine().exchange == nullptr) return;
  // Waiting for all votes, the coordinator ends in the same state whatever their order.
  const std::vector<NamedOption> wait = known_options(GetParam().protocol, {{"at_no", "wait"}});
  Puppet first_no = started(wait), last_no = started(wait);
  finish(first_no, {1});
  finish(last_no, {n});
  const Machine& machine = first_no.machine();
  std::vector<std::uint64_t> renamed(machine.state_size / 8u + 1);
  std::memcpy(renamed.data(), first_no.bytes(0), machine.state_size);
  EXPECT_NE(std::memcmp(renamed.data(), last_no.bytes(0), machine.state_size), 0);
  machine.exchange(renamed.data(), 1, static_cast<ProcessId>(n));
  EXPECT_EQ(std::memcmp(renamed.data(), last_no.bytes(0), machine.state_size), 0);
}

INSTANTIATE_TEST_SUITE_P(Catalogue, EveryProtocol, testing::ValuesIn(every_protocol()),
                         [](const auto& row) {
                           std::string name(row.param.protocol);
                           for (char& c : name) c = c == '-' ? '_' : c;
                           return name + "_with_" + std::to_string(row.param.participants);
                         });

}  // namespace
}  // namespace indoubt
