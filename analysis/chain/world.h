#pragma once
// One moment of a transaction, as far as it decides what can happen from here on and what is asked
// about it: a state of the chain. A value; equal worlds have equal keys.
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "analysis/chain/plan.h"
#include "sim/predicates/facts.h"
#include "sim/process/effect.h"

namespace indoubt::markov {

/// Something under way. Fixed ones come first in a world, by (at, time-outs last), then in the
/// order in which they began; exponential ones race, and their order means nothing.
struct Item {
  enum class Kind : std::uint8_t {
    deliver,
    prepared,
    written,
    timer,
    fault,
    repair,   ///< of a crash or a cut: it keeps a transaction going
    idle,     ///< work, a write or a message that a fault has made void: it ends all the same
    ease,     ///< what is slow or stalled ends to be so
    window,   ///< that of a fault opens, or closes (from: 1)
    verdict,  ///< `to` decides alone, or an operator decides
    report,   ///< `to` is told that `from` has crashed; tag 1: it is up again, and it is not
  };
  Kind kind = Kind::deliver;
  Tag tag = 0;  ///< timer; fault, repair, ease, window, verdict: number of the rule
  ProcessId from = 0, to = 0;
  std::uint16_t stages = 0;  ///< left; 0: fixed
  WeightId rate = Weights::kOne;
  /// Fixed: 0 now; else nanoseconds left, or where times are mixed the instant since the beginning.
  std::int64_t at = 0;
  std::uint64_t word = 0;  ///< deliver: the message
  auto operator<=>(const Item&) const = default;
  /// It keeps no transaction going.
  bool is_circumstance() const {
    return kind == Kind::fault || kind == Kind::ease || kind == Kind::window;
  }
};

/// An input that waits for a busy process.
struct Held {
  std::uint64_t head, word;  ///< as Input's
  bool operator==(const Held&) const = default;
};

struct ProcessState {
  std::vector<std::uint64_t> state;  ///< the protocol's bytes, zero behind
  bool anew = false;                 ///< its site has been down: it recovers, not starts
  bool learnt = false, working = false, in_doubt = false;
  bool alone = false;  ///< has decided without the protocol: its decision stands
  Voted voted = Voted::nothing;
  Outcome decided = Outcome::none;  ///< the last decision
  bool reversed = false;
  std::uint8_t doubts = 0;     ///< times that it came to be in doubt
  std::uint64_t awaited = 0;   ///< by process: its crash is told once its messages are handled
  std::uint8_t overdue = 0;    ///< 1 + rule by which it decides alone once its site is up
  RecordWord durable = 0;      ///< its last record that a crash leaves
  std::uint32_t waits = 0;     ///< 1 + number of the effects that wait for a forced write
  std::uint32_t floating = 0;  ///< armed constant timers that began at a random instant, by tag
  std::vector<Held> held;
};

struct OpenRecord {
  ProcessId process;
  RecordWord record;
};

struct SiteState {
  bool up = true;
  bool holds_messages = false;   ///< while down: they wait for the restart
  std::uint64_t held_down = 0;   ///< bit r: fault r holds it down; none: it is up
  std::vector<OpenRecord> open;  ///< not durable yet, oldest first
};

/// Messages of a link that a message fault has met.
struct Met {
  std::uint8_t rule;
  ProcessId from, to;
  std::uint8_t messages;
};

struct World {
  static constexpr std::int64_t kUnknown = -1;
  std::vector<ProcessState> processes;
  std::vector<SiteState> sites;  ///< by process that a site is called after
  std::vector<Item> items;
  std::vector<std::uint8_t>
      seen;  ///< by rule: times that its point was reached, as far as it matters
  std::vector<std::uint8_t>
      active;  ///< by rule: 0 not drawn, 1 concerns the transaction, 2 does not
  std::vector<Met> met;
  std::vector<std::uint8_t> struck;  ///< by rule: strikes that hold now, other than crashes
  enum class Window : std::uint8_t { open, before, past };
  std::vector<Window> windows;  ///< by rule
  /// Mixed times: the instant since the beginning, or kUnknown between two that are fixed. Constant
  /// ones: the time since the last multiple of Plan::period(). Else 0.
  std::int64_t clock = 0;
  Outcome recorded = Outcome::none;  ///< as Facts::record
  AbortCause cause = AbortCause::other;
  std::uint8_t violated = 0;  ///< AC1 1, AC2 2, AC3 4
  /// Why the first decision was taken that was not a NO voter's own: 1 + cause of an abort, or
  /// kCommitFirst; 0: nothing, or it matters no more since the coordinator's own cause is known.
  std::uint8_t first = 0;
  static constexpr std::uint8_t kCommitFirst = 255;
  bool lost = false;     ///< a message was
  bool fired = false;    ///< a time-out has
  bool crashed = false;  ///< a site has
  bool inquired = false;

  /// Puts an item where it belongs.
  void add(const Item& item);
  /// Due now: the first item, if it is fixed and its time has come.
  bool has_due() const { return !items.empty() && items[0].stages == 0 && items[0].at == 0; }
  /// Nothing can happen any more; faults to come do not count, armed time-outs do.
  bool over() const;
  bool anyone_in_doubt() const;
  /// A report of a crash is to come.
  bool reports_crashes() const;
  /// Nothing of it is more than a key can count. Requires of key().
  bool fits_key() const;
  std::string key() const;
  /// From a key of a world of `processes` processes whose states have `words` words.
  static World from_key(const std::string& key, std::size_t processes, std::size_t words);
};

/// Effects that wait for forced writes, numbered.
class Continuations {
 public:
  struct Entry {
    Effects effects;
    int first;  ///< the forced write itself
    Input input;
    bool led;   ///< the process led before the handler that asked for them
    bool lies;  ///< the write only seems to be done
  };
  std::uint32_t intern(const Effects& effects, int first, const Input& input, bool led, bool lies);
  const Entry& operator[](std::uint32_t number) const { return *entries_[number]; }

 private:
  std::map<std::string, std::uint32_t> numbers_;
  std::vector<std::unique_ptr<Entry>> entries_;
};

}  // namespace indoubt::markov
