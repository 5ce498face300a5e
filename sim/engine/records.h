#pragma once
// Storage of transactions in flight: fixed-size records in slabs, reused; nothing is allocated
// while the number in flight does not grow.
//
// A record: Transaction | one slot for each process | sums of further roles | links.  A slot:
// ProcessSlot | armed tokens | protocol state | random words (participants).  The header is one
// cache line, a slot of a small protocol two: an event touches three or four lines in all.
#include <cstdint>
#include <cstring>
#include <memory>
#include <vector>

#include "sim/measures/totals.h"
#include "sim/process/machine.h"

namespace indoubt {

struct alignas(64) Transaction {
  std::uint64_t number;  ///< from 1
  std::int64_t started;  ///< virtual time, ns
  std::uint64_t fingerprint;
  std::uint32_t pending;  ///< happenings that refer to this record, time-outs apart
  std::uint32_t messages, forced, logged;
  std::uint16_t armed;               ///< live timers
  std::uint16_t in_doubt;            ///< participants that are
  std::uint16_t asked, yes, no;      ///< participants
  std::uint16_t committed, aborted;  ///< participants that decided so
  Outcome coordinator;
  Outcome first;           ///< first decision that was not a NO voter's own abort
  AbortCause cause;        ///< the coordinator's, if it aborts
  AbortCause first_cause;  ///< of the first decision, if that is abort
  std::uint8_t violated;   ///< one bit for each Property
  bool lost_message : 1, timer_fired : 1, finished : 1, links_ready : 1;
  bool doubtful : 1;      ///< to be asked whether anything can still decide it
  bool some_wrote : 1;    ///< somebody has voted, and has not left by voting READ
  Outcome record : 2;     ///< the decision of which the coordinator has forced a record
  std::uint32_t trouble;  ///< 1 + index of its Trouble; 0: nothing keeps it from running smoothly
};
static_assert(sizeof(Transaction) == 64);

/// What the engine keeps of one process, beside the protocol's state.
struct ProcessSlot {
  static constexpr std::int64_t kNotInDoubt = -1;
  /// Messages so far on the links from and to the coordinator.
  struct Sent {
    std::uint32_t down, up;
  };
  std::int64_t in_doubt_since;  ///< virtual time, or kNotInDoubt
  union {
    Sent sent;
    /// Of the coordinator, which has no link to itself: time with at least one participant in
    /// doubt, over all ends of such times, less over their beginnings.
    std::uint64_t any_in_doubt_ns;
  };
  std::uint32_t continuation;  ///< 1 + index of the effects that wait for a force; 0: idle
  Outcome decided;             ///< if more than once, the last
  bool voted_yes : 1, voted_no : 1, learnt : 1;
  bool working : 1;                           ///< local work is under way
  bool heuristic : 1;                         ///< decided without the protocol
  bool reader : 1;                            ///< voted READ: decides and learns nothing any more
  bool locked : 1;                            ///< holds its data: at work, or voted and undecided
  bool started_anew : 1;                      ///< its site has been down: it recovers, not starts
  bool queued : 1;                            ///< waits for an exclusive record
  bool reversed : 1;                          ///< it had decided otherwise before
  bool blocked : 1;                           ///< in doubt for good, unless something is repaired
  bool in_doubt_and_down : 1;                 ///< since its site went down
  std::uint32_t waiting_first, waiting_last;  ///< inputs held back meanwhile: 1 + handle
};
static_assert(sizeof(ProcessSlot) == 32);

/// Random words drawn ahead for a participant, and numbers of draws that are seldom needed. The
/// coordinator draws no words ahead; in their place it keeps the sums of its transaction.
struct DrawnAhead {
  struct Sums {
    std::uint64_t in_doubt_ns;  ///< over the participants that have left doubt
    std::uint64_t locked_ns;    ///< over all ends of lock holding, less over their beginnings
    std::uint64_t settled_at;   ///< ns since the start: the first decision, NO voters' own apart
    std::uint32_t timeouts;     ///< that fired
    std::uint32_t messages, forced, logged;    ///< of the coordinator
    std::uint16_t were_in_doubt, were_locked;  ///< participants that were
    std::uint16_t locked;                      ///< participants that hold their data now
  };
  struct Words {
    std::uint64_t link[4];  ///< from the coordinator 0, 1; to it 0, 1
    std::uint64_t vote, local_work;
  };
  union {
    Words words;
    Sums sums;
  };
  std::uint32_t forces;  ///< draws so far for forced writes
  /// Rounds of inquiries that it sent; of the coordinator: the most that one participant sent.
  std::uint32_t inquiries;
};

/// What processes of one role have sent and written in one transaction.
struct RoleSums {
  std::uint32_t messages, forced, logged;
  RoleSums& operator+=(const RoleSums& o) {
    messages += o.messages;
    forced += o.forced;
    logged += o.logged;
    return *this;
  }
  RoleSums& operator-=(const RoleSums& o) {
    messages -= o.messages;
    forced -= o.forced;
    logged -= o.logged;
    return *this;
  }
};
/// Of roles that not every protocol has; null: this one has not.
struct OtherRoles {
  RoleSums *acceptors = nullptr, *backups = nullptr;
};

/// One ordered pair of processes; used for links between participants and for links that keep
/// order.
struct LinkState {
  std::int64_t last_arrival;
  std::uint64_t sent;
};

class Records {
 public:
  /// `random_timeouts`: keep how often each timer was armed, as the number of its draw.
  Records(const Machine& machine, bool random_timeouts);

  /// A record with header, slots and states cleared and constructed; words drawn ahead not filled.
  Transaction& open();
  void close(Transaction& t) { free_.push_back(&t); }

  ProcessSlot& slot(Transaction& t, ProcessId p) const {
    return *reinterpret_cast<ProcessSlot*>(bytes(t) + sizeof(Transaction) + p * slot_stride_);
  }
  static std::uint32_t* armed(ProcessSlot& s) {
    return reinterpret_cast<std::uint32_t*>(reinterpret_cast<char*>(&s) + sizeof(ProcessSlot));
  }
  /// By tag: how often a timer was armed. Only with random time-outs.
  std::uint32_t* rearmed(ProcessSlot& s) const { return armed(s) + machine_.timers.size(); }
  void* state(ProcessSlot& s) const { return reinterpret_cast<char*>(&s) + state_at_; }
  DrawnAhead& drawn(ProcessSlot& s) const {
    return *reinterpret_cast<DrawnAhead*>(reinterpret_cast<char*>(&s) + drawn_at_);
  }
  /// Fetches what an event of process p will touch.
  void prefetch(const Transaction* t, ProcessId p) const {
    __builtin_prefetch(t);
    prefetch_slot(t, p);
  }
  void prefetch_slot(const Transaction* t, ProcessId p) const {
    const char* s = reinterpret_cast<const char*>(t) + sizeof(Transaction) + p * slot_stride_;
    __builtin_prefetch(s);
    __builtin_prefetch(s + drawn_at_);
  }
  /// The sums of a transaction, kept in its coordinator's slot.
  DrawnAhead::Sums& sums(Transaction& t) const { return drawn(slot(t, kCoordinator)).sums; }
  OtherRoles other_roles(Transaction& t) const {
    auto* sums = reinterpret_cast<RoleSums*>(bytes(t) + roles_at_);
    return {has_acceptors_ ? sums : nullptr, has_backups_ ? sums + 1 : nullptr};
  }
  LinkState& link(Transaction& t, ProcessId from, ProcessId to) const {
    auto* links = reinterpret_cast<LinkState*>(bytes(t) + links_at_);
    if (!t.links_ready) [[unlikely]] {
      std::memset(static_cast<void*>(links), 0, processes_ * processes_ * sizeof(LinkState));
      t.links_ready = true;
    }
    return links[from * processes_ + to];
  }
  std::size_t record_bytes() const { return stride_; }

 private:
  static char* bytes(Transaction& t) { return reinterpret_cast<char*>(&t); }
  void add_slab();

  const Machine& machine_;
  std::size_t processes_;
  const bool has_acceptors_, has_backups_;
  std::size_t state_at_, drawn_at_, slot_stride_, roles_at_, links_at_, stride_;
  std::vector<std::unique_ptr<char[]>> slabs_;
  std::vector<Transaction*> free_;
};

}  // namespace indoubt
