#pragma once
// What goes wrong in a scenario: checked values that the loader fills and the engines read.
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/latency/latency.h"
#include "sim/process/outcome.h"
#include "sim/process/time.h"

namespace indoubt {

/// Whom a fault concerns, as scenarios write it: "coordinator", a service ("payment": every process
/// of it), one process of a service ("shard.2"), "participant" (each of them), the name of a
/// protocol's auxiliaries ("acceptor", "acceptor.1"), "backup" (a participant that leads), "leader"
/// (whoever leads: the coordinator, or a back-up), a zone, or "any".
using Who = std::string;

/// A place in a protocol's text: around one effect of one handler, or the delivery of a message.
/// Empty strings match everything.
struct Point {
  enum class Where : std::uint8_t {
    before,      ///< the effect does not happen
    after,       ///< the effect has happened, nothing after it
    instead_of,  ///< a message is delivered: the process crashes instead of handling it
    each_send,   ///< before each single send, with the trigger's probability each
    random_cut,  ///< a broadcast, after a uniformly drawn number of its sends
    per_step,    ///< instead of acting at a step, with the trigger's probability each
  };
  enum class What : std::uint8_t { send, force, log, decide, vote, prepare, nothing };
  Where where = Where::before;
  What what = What::nothing;
  std::string name;     ///< message, record, outcome or vote; "decision": commit or abort alike
  Who to;               ///< send: the destination; instead_of: the sender
  int sends = 0;        ///< of a broadcast: after so many of its single sends; 0 and no `to`:
                        ///< before the first or after the last of them
  std::string handler;  ///< "start", "recovery", "prepared", a message's name or a timer's
  bool operator==(const Point&) const = default;
};

/// When a fault strikes. Every condition given must hold.
struct Trigger {
  enum class Kind : std::uint8_t {
    always,    ///< from the beginning on
    at_point,  ///< when a process comes to `point`
    at_time,   ///< at `time`: since the transaction began (fresh sites) or of the run (shared)
    random,    ///< again and again, `gap` after the beginning and after each repair
    trace,     ///< at the instants of a list
  };
  Kind kind = Kind::always;
  Point point;
  Duration time{0};
  std::optional<Latency> gap;                        ///< random: time to failure
  std::vector<std::pair<Duration, Duration>> trace;  ///< (begin, end), increasing, disjoint
  int occurrence = 1;  ///< at_point: only the n-th time in a transaction; 0: every time. Points
                       ///< that are drawn each time (each_send, per_step) ignore it
  double probability =
      1;  ///< in [0, 1]; drawn once for each transaction and fault (once for the
          ///< run: shared sites, not at_point), or for each occurrence with each_send and per_step,
          ///< each message of a message fault and each forced write of a disk fault
  std::vector<std::uint64_t> transactions;  ///< only these, increasing; empty: all
  Duration from{0};                         ///< not before
  std::optional<Duration> until;            ///< not at or after
  bool before_first_inquiry = false;        ///< only while no participant has sent an INQUIRY
  bool operator==(const Trigger&) const = default;
};

struct Fault {
  enum class Kind : std::uint8_t {
    crash,      ///< `sites` go down, together, or with at_point the one that comes there;
                ///< `lasts`: until they restart
    partition,  ///< nothing passes between different `groups` (sites in none are in all)
    cut,        ///< nothing passes from `from` to `to` (one way)
    slow_link,  ///< latency from `from` to `to` is multiplied by `factor`
    stall,      ///< messages from `from` to `to` are held and released at the end
    message,    ///< messages `type` from `from` to `to`, the `nth` of each link
    clock,      ///< clocks of `sites`
    slow_site,  ///< `sites` work `factor` times slower: local work, disk, CPU
    disk,       ///< a forced write at `sites` fails
    heuristic,  ///< participants in doubt for `after` decide alone
    outcome,    ///< an operator forces `outcome` at `sites`, if they are in doubt then
  };
  Kind kind = Kind::crash;
  std::string name;  ///< for reports; unique
  Trigger when;
  std::vector<Who> sites;  ///< whom it concerns; partition, cut, slow_link, stall: whose point
  std::vector<std::vector<Who>> groups;
  Who from, to;
  /// Until restart, healing or the end of slowness; empty: never.
  std::optional<Latency> lasts;
  double each = 1;             ///< crash of several sites: each goes down with this probability
  bool log_lost = false;       ///< crash: amnesia, the stable log is gone
  bool messages_held = false;  ///< crash: messages to a down site wait for its restart
  double factor = 1;           ///< >= 1
  std::string type;            ///< message: textbook name; empty: every
  int nth = 0;                 ///< message: only the n-th such one of a link; 0: every
  enum class Action : std::uint8_t { lose, duplicate, delay, hold } action = Action::lose;
  Latency delay;                ///< delay: additional; hold: until so long after sending
  Duration offset{0}, jump{0};  ///< clock: constant difference; step at the trigger's time
  double drift = 1;             ///< clock: its rate, > 0; above 1 it runs fast: time-outs shorten
  bool lies = false;            ///< disk: the write seems done and is not durable; else a crash
  Duration after{0};            ///< heuristic: so long in doubt
  Outcome outcome = Outcome::abort;  ///< heuristic, outcome
  bool operator==(const Fault&) const = default;
};

/// Sites that fail together, by name.
struct Zone {
  std::string name;
  std::vector<Who> members;
  bool operator==(const Zone&) const = default;
};

}  // namespace indoubt
