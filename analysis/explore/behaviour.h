#pragma once
// The local behaviour of every process, numbered and tabulated on demand.
//
// Handlers are deterministic and local, so what a process does is a table: (local situation, what
// happens) -> (local situation, messages). Local situations, messages and the sets of messages in
// flight to one process ("inboxes") get numbers when they are first met; a world is then a few
// small numbers. The protocol runs once for each entry, however often a search asks.
//
// Entries are made by `fill` only, one thread at a time; all other functions are const, and say
// kUnknown where an entry is missing. Numbers depend on the order of `fill` alone.
#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "analysis/explore/local.h"
#include "analysis/explore/setup.h"
#include "sim/predicates/facts.h"

namespace indoubt {

/// What happens in one move of an exploration.
enum class Move : std::uint8_t {
  start,
  deliver,
  prepared,  ///< local work is done; detail: the vote
  written,   ///< a forced write is done
  timeout,   ///< detail: the timer
  recover,
  tick,    ///< time goes on
  drop,    ///< a message comes to a site that is down
  report,  ///< the failure detector reports a crash
  // faults, each at the cost of a budget
  crash,
  lose,
  duplicate,
  part,  ///< the network parts
  heal,
};
constexpr bool is_fault(Move m) { return m >= Move::crash; }

/// A message from one process, as its receiver numbers it.
struct MessageName {
  ProcessId from = 0;
  bool failure = false;  ///< not a message: the report that `from` has crashed
  Message message;
  bool operator<(const MessageName& o) const {
    if (from != o.from) return from < o.from;
    if (failure != o.failure) return failure < o.failure;
    return message < o.message;
  }
};

struct Reduction;
class Independence;

class Behaviour {
 public:
  static constexpr std::uint32_t kUnknown = ~std::uint32_t{0};

  /// A message added to the inbox of `to`: its item.
  struct Send {
    ProcessId to;
    std::uint32_t item;
  };
  struct Rule {
    std::uint32_t next;        ///< the process's local situation afterwards
    std::uint32_t first_send;  ///< into sends()
    std::uint16_t sends;
    Move move;
    bool crashes;           ///< the site goes down: at the cost of a crash
    bool splits;            ///< it does so between the sends of one broadcast
    std::uint8_t detail;    ///< vote or timer
    std::uint16_t variant;  ///< tells apart the ways in which a crash can leave the site
    std::int16_t cut;       ///< visible effects before the crash, or Stepped::kWhole
  };
  /// What is judged of a local situation, bit by bit.
  enum Fact : std::uint32_t {
    committed = 1,
    aborted = 2,    ///< has decided abort
    in_favour = 4,  ///< has voted YES or READ
    reversed = 8,
    owes = 16,  ///< must decide, and has not
    up = 32,
    doubtful = 64,    ///< in doubt
    busy = 128,       ///< waits for a forced write: takes no message
    due = 256,        ///< something of it must happen before time goes on
    refused = 512,    ///< has voted NO
    fresh = 1024,     ///< has not started
    pressing = 2048,  ///< local work or a write is done: comes before time-outs
    wrote = 4096,     ///< a participant that has not voted READ
  };
  struct Range {
    std::uint32_t first = 0, end = 0;
    bool cut = false;  ///< a move beyond the limit of ballots was left out
    /// With a partial-order reduction: some move changes something, and all that do may go first
    /// as far as they themselves are concerned (Independence).
    bool acts = false, goes_first = false;
  };

  /// `reduction`, if any, is of the same machine and setup, and must outlive this: of each class of
  /// local situations only the standard one is numbered then.
  Behaviour(const Machine& machine, const ExploreSetup& setup,
            const Reduction* reduction = nullptr);

  int processes() const { return static_cast<int>(sites_.size()); }
  bool reduced() const { return reduction_ != nullptr; }
  const Machine& machine() const { return machine_; }
  const ExploreSetup& setup() const { return setup_; }
  const LocalSteps& steps() const { return steps_; }

  std::uint32_t facts(ProcessId p, std::uint32_t local) const { return sites_[p].facts[local]; }
  /// The same for predicates: everything but `blocked`, which no single world can tell.
  const ProcessFacts& process_facts(ProcessId p, std::uint32_t local) const {
    return sites_[p].process_facts[local];
  }
  /// The decision that the last durable record of a local situation tells of.
  Outcome recorded(ProcessId p, std::uint32_t local) const { return sites_[p].recorded[local]; }
  const Local& local(ProcessId p, std::uint32_t l) const { return sites_[p].locals[l]; }
  std::uint32_t locals(ProcessId p) const {
    return static_cast<std::uint32_t>(sites_[p].locals.size());
  }
  std::uint32_t inboxes(ProcessId p) const {
    return static_cast<std::uint32_t>(sites_[p].inboxes.size());
  }
  /// Messages to p that are numbered so far.
  std::uint32_t messages(ProcessId p) const {
    return static_cast<std::uint32_t>(sites_[p].messages.size());
  }
  std::uint32_t first_local(ProcessId) const { return 0; }

  /// Moves that need no message; first == kUnknown: not known yet.
  Range spontaneous(ProcessId p, std::uint32_t local) const { return sites_[p].spontaneous[local]; }
  /// Moves of `local` on message number `message`.
  Range reactions(ProcessId p, std::uint32_t local, std::uint32_t message) const {
    const Site& site = sites_[p];
    const auto& row = site.reactions[local];
    return message < row.size() ? row[message] : Range{kUnknown, 0};
  }
  std::span<const Rule> rules(Range r) const { return {rules_.data() + r.first, r.end - r.first}; }
  std::span<const Send> sends(const Rule& r) const {
    return {sends_.data() + r.first_send, r.sends};
  }

  /// Items of an inbox, increasing; number 0 is the empty one.
  std::span<const std::uint32_t> items(ProcessId p, std::uint32_t inbox) const {
    return sites_[p].inboxes[inbox].items;
  }
  /// The inbox without item number i of items().
  std::uint32_t minus(ProcessId p, std::uint32_t inbox, std::size_t i) const {
    return sites_[p].inboxes[inbox].minus[i];
  }
  std::uint32_t plus(ProcessId p, std::uint32_t inbox, std::uint32_t item) const {
    const auto& row = sites_[p].inboxes[inbox].plus;
    return item < row.size() ? row[item] : kUnknown;
  }
  /// One tick later, and whether an item is due now.
  std::uint32_t ticked(ProcessId p, std::uint32_t inbox) const {
    return sites_[p].inboxes[inbox].ticked;
  }
  bool has_due(ProcessId p, std::uint32_t inbox) const { return sites_[p].inboxes[inbox].due; }
  std::uint32_t local_ticked(ProcessId p, std::uint32_t local) const {
    return sites_[p].ticked[local];
  }
  /// Whether worlds may be left out because a process may go first (Independence).
  bool partial_order() const { return independence_ != nullptr; }
  /// Whether q, in that situation and with that inbox, can come to send p something that is not
  /// dead for p's situation before p moves. Requires partial_order().
  bool disturbs(ProcessId q, std::uint32_t its_local, std::uint32_t its_inbox, ProcessId p,
                std::uint32_t local) const;
  /// Whether an item is in an inbox.
  bool has_item(ProcessId p, std::uint32_t inbox, std::uint32_t item) const {
    const auto& items = sites_[p].inboxes[inbox].items;
    return std::binary_search(items.begin(), items.end(), item);
  }
  /// Without what comes from the other side of a split.
  std::uint32_t beyond(ProcessId p, std::uint32_t inbox, std::uint32_t split) const {
    const auto& row = sites_[p].inboxes[inbox].beyond;
    return split < row.size() ? row[split] : kUnknown;
  }

  /// Messages that are dead for a local situation, as a row of a table: 0: none. Rows of `kept`.
  std::uint32_t dead_row(ProcessId p, std::uint32_t local) const {
    return sites_[p].dead_rows[local];
  }
  bool dead(ProcessId p, std::uint32_t row, std::uint32_t message) const {
    return sites_[p].dead[row][message];
  }
  /// The inbox without what is dead in the row.
  std::uint32_t kept(ProcessId p, std::uint32_t inbox, std::uint32_t row) const {
    const auto& kept = sites_[p].inboxes[inbox].kept;
    return row < kept.size() ? kept[row] : kUnknown;
  }

  /// The numbers of values, if they have any. `items` increasing.
  std::optional<std::uint32_t> find_local(ProcessId p, const Local& local) const;
  std::optional<std::uint32_t> find_message(ProcessId p, const MessageName& name) const;
  std::optional<std::uint32_t> find_inbox(ProcessId p,
                                          const std::vector<std::uint32_t>& items) const;
  std::uint32_t item(std::uint32_t message, std::uint32_t ticks) const {
    return message * ages_ + ticks;
  }

  std::uint32_t message_of(std::uint32_t item) const { return item / ages_; }
  std::uint32_t ticks_left(std::uint32_t item) const { return item % ages_; }
  const MessageName& message(ProcessId p, std::uint32_t number) const {
    return sites_[p].messages[number];
  }

  /// Participants that are alike, in groups of two or more: exchanging two of a group changes
  /// nothing but their names. Empty without symmetry.
  const std::vector<std::vector<ProcessId>>& groups() const { return groups_; }
  /// Exchanges of neighbours in a group; all permutations of the groups are products of them.
  const std::vector<std::pair<ProcessId, ProcessId>>& swaps() const { return swaps_; }
  /// The local situation of p when exchange number `swap` has renamed everybody; it is one of
  /// the process that p is called now.
  std::uint32_t local_renamed(ProcessId p, std::uint32_t local, std::size_t swap) const {
    return sites_[p].local_images[local * swaps_.size() + swap];
  }
  std::uint32_t inbox_renamed(ProcessId p, std::uint32_t inbox, std::size_t swap) const {
    return sites_[p].inbox_images[inbox * swaps_.size() + swap];
  }
  ProcessId renamed(ProcessId p, std::size_t swap) const {
    const auto& [a, b] = swaps_[swap];
    return p == a ? b : p == b ? a : p;
  }
  /// How a local situation of p, and an inbox, look upon participant `seen`: numbers that renaming
  /// does not change. kUnknown in tables that are not filled.
  std::uint32_t local_view(ProcessId p, std::uint32_t local, ProcessId seen) const {
    return sites_[p].local_views[std::size_t{local} * sites_.size() + seen];
  }
  std::uint32_t inbox_view(ProcessId p, std::uint32_t inbox, ProcessId seen) const {
    return sites_[p].inbox_views[std::size_t{inbox} * sites_.size() + seen];
  }

  /// The ways in which the network can part: bit by process, the coordinator's side; from 1 on.
  const std::vector<std::uint64_t>& splits() const { return splits_; }
  /// The number of a split when an exchange has renamed everybody.
  std::uint32_t split_renamed(std::uint32_t split, std::size_t swap) const {
    return split_images_[split * swaps_.size() + swap];
  }
  static bool same_side(std::uint64_t split, ProcessId a, ProcessId b) {
    return ((split >> a ^ split >> b) & 1) == 0;
  }

  /// A missing entry, as a search notes it. Ordered by value.
  struct Gap {
    enum class Kind : std::uint8_t {
      spontaneous,
      reaction,
      plus,
      minus,
      ticked,
      local_ticked,
      beyond,
      kept,
      local_orbit,
      inbox_orbit
    };
    Kind kind;
    ProcessId process;
    std::uint32_t a = 0, b = 0;
    auto operator<=>(const Gap&) const = default;
  };
  /// Makes the entries. Each gap once; in increasing order, for the numbers to be the same always.
  void fill(const Gap& gap);

  /// A ballot or election above the limit was met and not followed.
  bool rounds_cut() const { return rounds_cut_ != 0; }
  /// About how much memory the tables take.
  std::uint64_t bytes() const { return bytes_; }
  /// Runs of handlers so far.
  std::uint64_t handler_runs() const { return steps_run_; }

 private:
  struct Inbox {
    std::vector<std::uint32_t> items, minus, plus, beyond, kept;
    std::uint32_t ticked = kUnknown;
    std::uint64_t senders = 0;  ///< bit by process
    bool due = false;
  };
  struct Site {
    std::vector<Local> locals;
    std::vector<std::uint32_t> facts, ticked;
    std::vector<ProcessFacts> process_facts;
    std::vector<Outcome> recorded;
    std::vector<Range> spontaneous;
    std::vector<std::vector<Range>> reactions;
    std::map<std::string, std::uint32_t> number;
    std::vector<MessageName> messages;
    std::map<MessageName, std::uint32_t> message_number;
    std::vector<Inbox> inboxes;
    std::map<std::vector<std::uint32_t>, std::uint32_t> inbox_number;
    std::vector<std::uint32_t> local_images, inbox_images;  ///< by number and swap
    std::vector<std::uint32_t> local_views, inbox_views;    ///< by number and process
    std::vector<std::uint32_t> dead_rows, classes;          ///< by local
    std::vector<std::vector<bool>> dead;                    ///< by row and message
  };
  std::uint32_t intern(ProcessId p, Local local);
  std::uint32_t intern_inbox(ProcessId p, std::vector<std::uint32_t> items);
  std::uint32_t item_of(ProcessId to, const MessageName& name);
  std::uint32_t facts_of(ProcessId p, const Local& local) const;
  ProcessFacts process_facts_of(ProcessId p, const Local& local) const;
  bool beyond_rounds(const Local& local);
  bool dead_in(ProcessId p, std::size_t row, const MessageName& name) const;
  /// The items of the inbox that is missing.
  std::vector<std::uint32_t> changed_inbox(const Gap& gap) const;
  void fill_inbox(const Gap& gap);
  template <class Make>
  Range noted(ProcessId p, std::uint32_t local, bool takes_message, const Make& make);
  bool may_go_first(ProcessId p, std::uint32_t local, const Rule& rule, bool takes_message) const;
  void add_rule(ProcessId p, const Stepped& step, Move move, std::uint8_t detail, bool crashes,
                std::uint16_t variant);
  void add_act(ProcessId p, const Local& from, const Act& act, Move move, std::uint8_t detail);
  void add_crashes(ProcessId p, const Local& from);
  Range spontaneous_of(ProcessId p, std::uint32_t local);
  Range reactions_of(ProcessId p, std::uint32_t local, std::uint32_t message);
  void make_splits();
  void make_groups();
  void make_split_images();
  bool too_many_orders() const;
  std::uint32_t image(bool inbox, ProcessId p, std::uint32_t number, std::size_t swap);
  std::uint32_t local_image(ProcessId p, std::uint32_t number, std::size_t swap);
  std::uint32_t inbox_image(ProcessId p, std::uint32_t number, std::size_t swap);
  void fill_orbit(bool inbox, ProcessId p, std::uint32_t number);

  Machine machine_;
  ExploreSetup setup_;
  LocalSteps steps_;
  const Reduction* reduction_;
  const Independence* independence_;  ///< of the reduction; null: every process moves in any order
  std::uint32_t ages_ = 1;
  std::vector<Site> sites_;
  std::vector<Rule> rules_;
  std::vector<Send> sends_;
  std::vector<std::uint64_t> splits_;
  std::vector<std::uint32_t> split_images_;
  std::vector<std::vector<ProcessId>> groups_;
  std::vector<std::pair<ProcessId, ProcessId>> swaps_;
  std::uint32_t views_ = 0;       ///< numbered so far
  std::uint64_t rounds_cut_ = 0;  ///< moves that were left out
  std::uint64_t steps_run_ = 0, bytes_ = 0;
};

}  // namespace indoubt
