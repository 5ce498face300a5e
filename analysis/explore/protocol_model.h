#pragma once
// The worlds of one transaction under one protocol: what a search explores.
//
// A world is a few numbers: for each process its local situation and its inbox (Behaviour numbers
// both), what is left of each budget, and how the network has parted. Equal messages in flight from
// one process to another merge into one, which arrives once and is lost once: a loss takes all
// copies. With asynchronous timing this leaves out ways only on which a process takes a message
// twice, both times after something that was sent later than the second copy. A step of a process
// is atomic, plus its cuts by a crash: with asynchronous timing a process that pauses at a forced
// write cannot be told from one whose later messages are slow.
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analysis/explore/behaviour.h"
#include "analysis/explore/layout.h"
#include "analysis/explore/search_model.h"

namespace indoubt {

/// Marks of a world, by number.
namespace mark {
inline constexpr int kAgreement = 0, kStability = 1, kValidity = 2;
inline constexpr int kAllDecided = 3;  ///< every process that must decide has decided
inline constexpr int kWhole = 4;       ///< every site is up, and the network is in one piece
inline constexpr int kCommitted = 5;   ///< some process has decided commit
inline constexpr int kAborted = 6;     ///< some process has decided abort
inline constexpr int kFavour = 7;      ///< every participant has voted YES or READ
inline constexpr int kFirstPredicate = 8;
inline constexpr int kMostPredicates = 32 - kFirstPredicate;
}  // namespace mark

/// Judges a world by its facts, and by the standing of these; `blocked` is never set.
using WorldPredicate = std::function<bool(const Facts&, const Standing&)>;

/// The part that does not depend on the width of a world, shared by searches of one exploration.
class ProtocolWorlds {
 public:
  explicit ProtocolWorlds(Behaviour& behaviour, int words = 1) : behaviour_(behaviour) {
    layout(words);
  }

  /// The least number of words from `words` on that a world needs; 0: more than 4. Worlds are laid
  /// out anew if `words` suffice; otherwise the layout stays as it is.
  int layout(int words);
  /// Bits that the numbers met so far need.
  int bits() const { return layout_for(counts(), 1).bits; }

  Behaviour& behaviour() { return behaviour_; }
  const Behaviour& behaviour() const { return behaviour_; }
  const Field& local_field(ProcessId p) const { return layout_.fields[2u * p]; }
  const Field& inbox_field(ProcessId p) const { return layout_.fields[2u * p + 1]; }
  enum class Budget : std::uint8_t { crashes, losses, duplications, partitions, split, count };
  const Field& field(Budget b) const {
    return layout_.fields[2u * static_cast<std::size_t>(behaviour_.processes()) +
                          static_cast<std::size_t>(b)];
  }
  /// Whether every number met so far has room in the present layout.
  bool fits() const;
  std::size_t fields() const { return layout_.fields.size(); }
  const Field& field(std::size_t i) const { return layout_.fields[i]; }
  const Layout& present() const { return layout_; }
  /// A world of another layout of the same behaviour, in this one.
  template <int kFrom>
  Packed<4> repacked(const Packed<kFrom>& w, const ProtocolWorlds& from) const {
    Packed<4> to{};
    for (std::size_t i = 0; i < fields(); ++i) field(i).set(to, from.field(i).get(w));
    return to;
  }

 private:
  std::vector<std::uint64_t> counts() const;
  Behaviour& behaviour_;
  Layout layout_;
};

template <int kWords>
class ProtocolModel {
 public:
  using World = Packed<kWords>;
  struct Scratch {
    std::vector<Behaviour::Gap> gaps;
    std::vector<std::uint64_t> views;
    std::vector<std::size_t> swaps;
  };
  using Budget = ProtocolWorlds::Budget;

  /// `worlds` must have been laid out for kWords, and outlive the model.
  explicit ProtocolModel(ProtocolWorlds& worlds)
      : worlds_(worlds), b_(worlds.behaviour()), n_(static_cast<ProcessId>(b_.processes())) {
    adopt();
  }

  World initial() const {
    World w{};
    const Exploration& e = b_.setup().budget;
    crashes_.set(w, static_cast<std::uint32_t>(e.crashes));
    losses_.set(w, static_cast<std::uint32_t>(std::max(e.losses, 0)));
    duplications_.set(w, static_cast<std::uint32_t>(std::max(e.duplications, 0)));
    partitions_.set(w, static_cast<std::uint32_t>(e.partitions));
    return w;
  }

  template <class F>
  bool successors(const World& w, Scratch& scratch, F&& f) const;
  /// The same, without the reductions: each successor as it is, not its representative.
  template <class F>
  bool each_successor(const World& w, Scratch& scratch, F&& f) const;
  /// Makes `w` the representative of the worlds that differ from it by names of participants that
  /// are alike; false if the renaming is not known yet. Exact.
  bool canonicalise(World& w, Scratch& scratch) const;

  std::uint32_t marks(const World& w) const {
    return own_marks(w) | (predicates_.empty() ? 0 : judged(w));
  }
  bool has_mark(const World& w, int k) const {
    return ((k < mark::kFirstPredicate ? own_marks(w) : judged(w)) >> k & 1) != 0;
  }
  Learned learn(std::span<Scratch> scratches);
  World moved(const World& w) const;
  World moved_if(const World& w, bool has_moved) const { return has_moved ? moved(w) : w; }
  std::string limit() const {
    return tables_full_
               ? "the tables of local behaviour fill the memory that is set aside for them; "
                 "lower the budgets or the number of participants, or allow more memory"
               : "a world needs more than four words of 64 bits; lower the budgets or the "
                 "number of participants";
  }
  /// Memory that the behaviour's tables may take; beyond, the search ends with Stop::limit.
  void bound_tables(std::uint64_t bytes) { most_table_bytes_ = bytes; }
  bool in_doubt_and_up(const World& w, ProcessId p) const {
    constexpr std::uint32_t kBoth = Behaviour::doubtful | Behaviour::up;
    return (b_.facts(p, local_[p].get(w)) & kBoth) == kBoth;
  }
  bool decided(const World& w, ProcessId p) const {
    return (b_.facts(p, local_[p].get(w)) & (Behaviour::committed | Behaviour::aborted)) != 0;
  }
  /// Predicate k is mark kFirstPredicate + k; at most kMostPredicates.
  void judge(std::vector<WorldPredicate> predicates) { predicates_ = std::move(predicates); }

  /// Whether `rule` of p, on item number `item` of its inbox if it takes one, leads from w to
  /// `next`; `again`: the item stays, as a duplicate. Requires that all moves of w are known.
  bool leads_to(const World& w, ProcessId p, const Behaviour::Rule& rule,
                std::optional<std::size_t> item, bool again, const World& next,
                Scratch& scratch) const;

  std::uint32_t local(const World& w, ProcessId p) const { return local_[p].get(w); }
  std::uint32_t inbox(const World& w, ProcessId p) const { return inbox_[p].get(w); }
  std::uint32_t split(const World& w) const { return split_.get(w); }

 private:
  using Gap = Behaviour::Gap;
  static constexpr std::uint32_t kUnknown = Behaviour::kUnknown;

  /// One expansion: the world, what is left, and whether all of it is known.
  template <class F>
  struct Expansion {
    const World& w;
    Scratch& scratch;
    F& f;
    std::uint64_t split;       ///< 0: whole; else bit by process, one side
    bool splits_only = false;  ///< of all moves, crashes between the sends of a broadcast only
    bool known = true;
    bool splits = false;  ///< there was such a move
    void gap(Gap g) {
      scratch.gaps.push_back(g);
      known = false;
    }
  };
  /// The moves of w as it is, or those of them that cut a broadcast; sets `splits` if there are any
  /// of these.
  template <class F>
  bool moves(const World& w, Scratch& scratch, F& f, bool splits_only, bool& splits) const;
  template <class F>
  bool splits_in_other_orders(const World& w, Scratch& scratch, F& f) const;
  bool add_orders(std::vector<World>& orders, Scratch& scratch) const;
  template <class F>
  void act(Expansion<F>& x, ProcessId p, const World& base, const Behaviour::Rule& rule,
           Label label) const;
  template <class F>
  bool drop_dead(Expansion<F>& x, ProcessId p, World& next) const;
  template <class F>
  bool send_all(Expansion<F>& x, ProcessId p, const Behaviour::Rule& rule, World& next) const;
  template <class F>
  void bring_down_fellows(Expansion<F>& x, ProcessId p, std::size_t i, const World& next,
                          Label label) const;
  template <class F>
  void by_itself(Expansion<F>& x, ProcessId p, bool timers_wait) const;
  template <class F>
  void receive(Expansion<F>& x, ProcessId p) const;
  bool nothing_shared_is_left(const World& w) const;
  template <class F>
  ProcessId goes_first(Expansion<F>& x) const;
  template <class F>
  bool moves_go_first(Expansion<F>& x, ProcessId p) const;
  bool sends_again(const World& w, const Behaviour::Range& range) const;
  template <class F>
  void part(Expansion<F>& x) const;
  template <class F>
  void tick(Expansion<F>& x) const;
  /// The marks below kFirstPredicate.
  std::uint32_t own_marks(const World& w) const;
  std::uint32_t judged(const World& w) const;
  bool anything_due(const World& w, Behaviour::Fact how) const;
  bool arrives(ProcessId p, std::uint32_t inbox, std::uint32_t item) const;
  std::uint64_t view_of(const World& w, ProcessId seen, Scratch& scratch, bool& known) const;
  bool exchange(World& w, std::size_t swap, Scratch& scratch) const;
  bool add_ties(const World& w, std::size_t first_swap, Scratch& scratch) const;
  bool take_least(World& w, Scratch& scratch) const;
  bool dead(const World& w, ProcessId p) const {
    return !recovers_ && (b_.facts(p, local_[p].get(w)) & (Behaviour::up | Behaviour::fresh)) == 0;
  }
  void adopt();

  ProtocolWorlds& worlds_;
  const Behaviour& b_;
  ProcessId n_;
  std::vector<Field> local_, inbox_;
  Field crashes_, losses_, duplications_, partitions_, split_;
  std::vector<Field> before_;                    ///< of the layout before the last
  std::vector<std::vector<ProcessId>> fellows_;  ///< by process: others at its site
  Timing timing_ = Timing::asynchronous;
  bool recovers_ = true, any_loss_ = false, any_duplication_ = false, heals_ = true;
  std::uint64_t most_table_bytes_ = ~std::uint64_t{0};
  bool tables_full_ = false;
  std::vector<WorldPredicate> predicates_;
};

/// What a move is, as a label: its kind, process and detail, the message's sender and contents.
/// Does not depend on how anything is numbered. Two moves of one world may share a label: contents
/// are folded to 16 bits.
Label label_of(Move move, ProcessId process, const Behaviour::Rule* rule,
               const MessageName* message);
Label fault_label(Move move, ProcessId process, std::uint64_t detail, const MessageName* message);
constexpr Move move_of(Label label) { return static_cast<Move>(label >> 60); }
constexpr ProcessId process_of(Label label) { return static_cast<ProcessId>(label >> 50 & 1023); }
/// The same kind of move, after those of all processes.
constexpr Label of_nobody(Label label) { return label | Label{1023} << 50; }
constexpr bool cut_by_crash(Label label) { return (label >> 36 & 1) != 0; }

}  // namespace indoubt

#include "analysis/explore/protocol_marks.h"
#include "analysis/explore/protocol_moves.h"
#include "analysis/explore/protocol_order.h"
#include "analysis/explore/protocol_symmetry.h"
