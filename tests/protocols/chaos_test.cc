// Goal: whatever is lost, comes twice or late, whatever times out and whoever crashes, every
// handler keeps its word: one decision and no other, no timer left behind, and in the end a
// decision.
#include <gtest/gtest.h>

#include "protocols/catalogue.h"
#include "sim/random/draws.h"
#include "tests/support/effort.h"
#include "tests/support/puppet.h"

namespace indoubt {
namespace {

/// A run of chance: each step one of the things that can happen next, drawn from (seed, step).
class Chaos {
 public:
  Chaos(Puppet& world, std::uint64_t seed, bool crashes)
      : w_(world), draws_(seed, 0), crashes_(crashes) {}

  void steps(int count) {
    for (int k = 0; k < count; ++k) {
      step();
      check();
    }
  }
  /// From here on nothing is lost, and every timer that is armed may expire in its turn: before
  /// those that it has armed, since an answer that comes too late is a lost one.
  void settle_down() {
    for (int round = 0; round < 40; ++round) {
      for (int k = 0; k < 2'000 && !w_.quiet(); ++k) w_.deliver_number(0);
      for (int p = 0; p < w_.processes(); ++p) {
        if (w_.works(p)) w_.prepared(p, true);
      }
      if (!w_.quiet()) continue;
      const int p = round % w_.processes();
      const std::string armed = " " + w_.armed(p) + " ";
      for (const std::string_view timer : w_.machine().timers) {
        if (armed.find(" " + std::string(timer) + " ") != armed.npos) w_.timeout(p, timer);
      }
      check();
    }
  }

 private:
  std::uint64_t draw(std::uint64_t below) {
    return draws_.word({1, Purpose::link, 0, drawn_++}) % below;
  }
  void step() {
    const int p = static_cast<int>(draw(static_cast<std::uint64_t>(w_.processes())));
    switch (draw(8)) {
      case 0:
        if (w_.works(p)) w_.prepared(p, draw(4) != 0);
        return;
      case 1: {
        const std::size_t timers = w_.machine().timers.size();
        w_.timeout(p, w_.machine().timers[draw(timers)]);
        return;
      }
      case 2:
        if (crashes_ && draw(6) == 0) w_.recover(p);
        return;
      case 3:
        if (!w_.quiet()) w_.deliver_number(draw(w_.flying()), 0);  // lost
        return;
      case 4:
        if (!w_.quiet()) w_.deliver_number(draw(w_.flying()), 2);
        return;
      default:
        if (!w_.quiet()) w_.deliver_number(draw(w_.flying()));
    }
  }
  void check() const {
    for (int p = 0; p < w_.processes(); ++p) {
      ASSERT_LE(w_.decisions(p), 1) << "process " << p << " decides twice";
      if (w_.outcome(p) == Outcome::none) continue;
      ASSERT_TRUE(w_.armed(p).empty() || w_.armed(p) == "acks")
          << "process " << p << " has decided and leaves " << w_.armed(p);
      if (w_.decisions(p) != 0) {
        ASSERT_EQ(w_.decided(p), w_.outcome(p));
      }
      if (w_.forgotten(p)) {
        ASSERT_EQ(w_.armed(p), "");
      }
    }
  }

  Puppet& w_;
  Draws draws_;
  bool crashes_;
  std::uint64_t drawn_ = 0;
};

/// Every option of a protocol at every value, the others standard; numbers at their least.
std::vector<std::vector<NamedOption>> option_sets(const ProtocolEntry& row) {
  std::vector<std::vector<NamedOption>> sets = {{}};
  for (const OptionField& field : row.options) {
    for (const std::string_view value : field.choices) {
      sets.push_back({{field.name, value}});
    }
    if (field.choices.empty()) sets.push_back({{field.name, "2"}});
  }
  const std::size_t alone = sets.size();
  for (std::size_t i = 0; i < alone; ++i) {
    for (const NamedOption& also : {NamedOption{"acks", "yes"}, NamedOption{"asking", "one-by-one"},
                                    NamedOption{"decision_rule", "majority"}}) {
      if (!sets[i].empty() && sets[i][0].first == also.first) continue;
      if (known_options(row.name, {also}).empty()) continue;
      sets.push_back(sets[i]);
      sets.back().push_back(also);
    }
  }
  return sets;
}

/// Those of `options` that the protocol has.
std::string text_of(const std::vector<NamedOption>& options) {
  std::string text;
  for (const NamedOption& o : options)
    text += std::string(o.first) + ": " + std::string(o.second) + " ";
  return text;
}

TEST(Chaos, NobodyDecidesTwiceOrLeavesATimerBehind) {
  for (const ProtocolEntry& row : protocol_catalogue()) {
    for (const std::vector<NamedOption>& options : option_sets(row)) {
      for (std::uint64_t seed = 1; seed <= random_runs(60); ++seed) {
        SCOPED_TRACE(std::string(row.name) + " " + text_of(options) + std::to_string(seed));
        Puppet w(row.name, 2 + static_cast<int>(seed % 3), known_options(row.name, options));
        w.start();
        Chaos chaos(w, seed, seed % 2 == 0);
        chaos.steps(120);
        chaos.settle_down();
        if (testing::Test::HasFatalFailure()) return;
      }
    }
  }
}

TEST(Chaos, EverybodyDecidesOnceTheFaultsAreOver) {
  for (const ProtocolEntry& row : protocol_catalogue()) {
    for (const char* asking : {"parallel", "one-by-one"}) {
      for (std::uint64_t seed = 1; seed <= random_runs(2'000); ++seed) {
        SCOPED_TRACE(std::string(row.name) + " " + asking + " " + std::to_string(seed));
        Puppet w(
            row.name, 2 + static_cast<int>(seed % 3),
            known_options(row.name, {{"acks", "yes"}, {"asking", asking}, {"unasked", "abort"}}));
        w.start();
        Chaos chaos(w, seed, false);
        chaos.steps(60);
        chaos.settle_down();
        if (testing::Test::HasFatalFailure()) return;
        for (int p = 0; p <= w.machine().group.participants; ++p) {
          if (!w.machine().traits.decides(p)) continue;
          ASSERT_NE(w.outcome(p), Outcome::none) << "process " << p << " " << w.state(p);
        }
      }
    }
  }
}

// AC1 and AC2 hold for 2pc whatever happens; 3pc needs bounded delays.
TEST(Chaos, TwoPhaseCommitAgreesWhateverHappens) {
  for (const char* start_record : {"none", "free", "unforced", "forced"}) {
    for (std::uint64_t seed = 1; seed <= random_runs(4'000); ++seed) {
      SCOPED_TRACE(std::string(start_record) + " " + std::to_string(seed));
      Puppet w("2pc", 2 + static_cast<int>(seed % 3),
               {{"start_record", start_record}, {"unasked", "abort"}});
      w.start();
      Chaos chaos(w, seed, true);
      chaos.steps(100);
      chaos.settle_down();
      if (testing::Test::HasFatalFailure()) return;
      for (int p = 0; p < w.processes(); ++p) {
        ASSERT_EQ(w.outcome(p), w.outcome(0)) << "process " << p << " " << w.state(p);
      }
    }
  }
}

// AC1 and AC2 hold for the quorum protocols whatever happens, and nobody stays blocked once every
// site can be reached again.
TEST(Chaos, QuorumProtocolsAgreeWhateverHappens) {
  for (const char* protocol : {"3pc-quorum", "e3pc"}) {
    for (const char* record : {"unforced", "none"}) {
      for (std::uint64_t seed = 1; seed <= random_runs(10'000); ++seed) {
        SCOPED_TRACE(std::string(protocol) + " " + record + " " + std::to_string(seed));
        const int participants = 2 + static_cast<int>(seed % 4);
        Group group{participants, {}};
        for (std::uint64_t p = 0; seed % 3 == 0 && p < 2 + seed % 4 + 1; ++p) {
          group.weights.push_back(static_cast<std::uint16_t>((seed / 7 + 5 * p) % 4));
        }
        if (!group.weights.empty()) group.weights[0] |= 1;
        Puppet w(protocol, group, {{"no_voter_record", record}, {"unasked", "abort"}});
        w.start();
        Chaos chaos(w, seed, true);
        chaos.steps(150);
        chaos.settle_down();
        if (testing::Test::HasFatalFailure()) return;
        for (int p = 0; p < w.processes(); ++p) {
          ASSERT_EQ(w.outcome(p), w.outcome(0)) << "process " << p << " " << w.state(p);
        }
        ASSERT_NE(w.outcome(0), Outcome::none);
      }
    }
  }
}

// ---- crash-stop and bounded delays: what 3pc was made for ---------------------------------------

/// Every message arrives, in any order, before a time-out of the one who awaits it expires. Sites
/// go down, in the middle of a broadcast too. With a detector the others are told, after messages
/// sent before the crash were handled.
class Synchronous {
 public:
  Synchronous(Puppet& world, std::uint64_t seed, bool detector = false)
      : w_(world), draws_(seed, 0), detector_(detector) {}

  void run(int crashes) {
    for (int k = 0; k < 60; ++k) pass_time(crashes);
  }
  /// Everybody goes down sooner or later; then all come back in some order, some of them again and
  /// again.
  void fail_and_come_back() {
    for (std::uint64_t k = draw(8); k > 0; --k) {
      int crashes = static_cast<int>(draw(3));
      pass_time(crashes);
    }
    for (int p = 0; p < w_.processes(); ++p) w_.crash(p, draw(256));
    while (!w_.quiet()) w_.deliver_number(0);
    for (int k = 0; k < 40; ++k) {
      for (int p = 0; p < w_.processes(); ++p) {
        if (w_.down(p) && (k > 25 || draw(6) == 0)) w_.recover(p);
      }
      int crashes = k < 25 && draw(3) == 0 ? 1 : 0;
      pass_time(crashes);
    }
  }

 private:
  std::uint64_t draw(std::uint64_t below) {
    return draws_.word({1, Purpose::link, 0, drawn_++}) % below;
  }
  void pass_time(int& crashes) {
    deliver_all(crashes);
    if (detector_ && detect()) return;
    if (!leaders_expire()) followers_expire();
  }
  void deliver_all(int& crashes) {
    while (!w_.quiet() || anybody_works()) {
      if (crashes > 0 && draw(8) == 0) {
        --crashes;
        w_.crash(static_cast<int>(draw(static_cast<std::uint64_t>(w_.processes()))), draw(256));
      }
      for (int p = 1; p < w_.processes(); ++p) {
        if (w_.works(p)) w_.prepared(p, draw(8) != 0);
      }
      if (!w_.quiet()) w_.deliver_number(draw(w_.flying()));
    }
  }
  bool anybody_works() const {
    bool any = false;
    for (int p = 1; p < w_.processes(); ++p) any = any || w_.works(p);
    return any;
  }
  /// Tells of one crash; false if there is none that is not known.
  bool detect() {
    for (int down = 0; down < w_.processes(); ++down) {
      if (!w_.down(down) || (known_ >> down & 1) != 0) continue;
      known_ |= std::uint64_t{1} << down;
      for (int p = 0; p < w_.processes(); ++p) w_.detect(p, down);
      return true;
    }
    return false;
  }
  bool leaders_expire() {
    bool any = false;
    for (int p = 0; p < w_.processes(); ++p) {
      for (const std::string_view timer : {"votes", "acks", "states"}) {
        if (w_.armed(p) != timer) continue;
        w_.timeout(p, timer);
        any = true;
      }
    }
    return any;
  }
  void followers_expire() {
    for (int p = 0; p < w_.processes(); ++p) {
      for (const std::string_view timer : {"decision", "commit", "request"}) {
        if (w_.armed(p) == timer) w_.timeout(p, timer);
      }
    }
  }

  Puppet& w_;
  Draws draws_;
  bool detector_;
  std::uint64_t known_ = 0, drawn_ = 0;
};

/// One decision among all that have one; those that are up have one if `decides`.
void expect_agreement(const Puppet& w, bool decides) {
  Outcome one = Outcome::none;
  for (int p = 0; p < w.processes(); ++p) {
    if (decides && !w.down(p)) {
      ASSERT_NE(w.outcome(p), Outcome::none) << p << " " << w.state(p);
    }
    if (w.outcome(p) == Outcome::none) continue;
    if (one == Outcome::none) one = w.outcome(p);
    ASSERT_EQ(w.outcome(p), one) << "process " << p;
  }
}

struct Form {
  std::string_view protocol;
  std::vector<NamedOption> options;
};
const Form kForms[] = {
    {"3pc", {}},
    {"3pc", {{"ask_silent_leader", "yes"}}},
    {"3pc", {{"pre_commit_record", "all"}}},
    {"3pc", {{"spontaneous_votes", "yes"}}},
    {"3pc", {{"termination", "backup-state"}}},
    {"3pc", {{"termination", "backup-state"}, {"pre_commit_record", "participants"}}},
    {"3pc-decentralised", {}},
    {"3pc-decentralised", {{"termination", "backup-state"}}},
};

// BHG (1987), ch. 7.5: non-blocking as long as one process survives, whichever the others' fate.
TEST(Chaos, ThreePhaseCommitAgreesAndBlocksNobodyIfSitesOnlyStop) {
  for (const Form& form : kForms) {
    for (std::uint64_t seed = 1; seed <= random_runs(6'000); ++seed) {
      SCOPED_TRACE(std::string(form.protocol) + " " + text_of(form.options) + std::to_string(seed));
      const int participants = 2 + static_cast<int>(seed % 4);
      std::vector<NamedOption> options = form.options;
      options.push_back({"unasked", "abort"});
      Puppet w(form.protocol, participants, options);
      w.start();
      Synchronous(w, seed, seed / 16 % 2 == 0).run(1 + static_cast<int>(seed % 3));
      expect_agreement(w, true);
      if (testing::Test::HasFatalFailure()) return;
    }
  }
}

// BHG (1987), ch. 7.5: once the last to fail is back; and once all are, everybody decides.
TEST(Chaos, ThreePhaseCommitAgreesAfterTheFailureOfAll) {
  for (const Form& form : kForms) {
    for (const char* record : {"none", "unforced", "forced"}) {
      for (std::uint64_t seed = 1; seed <= random_runs(4'000); ++seed) {
        SCOPED_TRACE(std::string(form.protocol) + " " + text_of(form.options) + record + " " +
                     std::to_string(seed));
        const int participants = 2 + static_cast<int>(seed % 4);
        std::vector<NamedOption> options = form.options;
        options.push_back({"unasked", "abort"});
        options.push_back({"up_set_record", record});
        Puppet w(form.protocol, participants, options);
        w.start();
        Synchronous(w, seed, seed / 16 % 2 == 0).fail_and_come_back();
        expect_agreement(w, true);
        if (testing::Test::HasFatalFailure()) return;
      }
    }
  }
}

}  // namespace
}  // namespace indoubt
