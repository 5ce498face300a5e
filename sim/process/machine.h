#pragma once
// The runtime form of a protocol. Engines are written against this header only, and so are ordinary
// classes: they never see a protocol's type.
#include <cstdint>
#include <memory>
#include <new>
#include <span>
#include <string_view>
#include <tuple>
#include <utility>

#include "sim/process/assert.h"
#include "sim/process/process.h"
#include "sim/process/traits.h"

namespace indoubt {

/// Everything that can happen to a process. Two words, passed in two registers: built from fields
/// in memory and read back as words it would stall at every step.
class Input {
 public:
  enum class Kind : std::uint8_t { start, message, prepared, timeout, recovery, failure };

  static Input start(ProcessId self) { return {Kind::start, 0, 0, self, 0}; }
  static Input message(Message m, ProcessId from, ProcessId self) {
    return {Kind::message, 0, from, self, m.word};
  }
  static Input prepared(LocalVote vote, ProcessId self) {
    return {Kind::prepared, static_cast<Tag>(vote), 0, self, 0};
  }
  static Input timeout(Tag timer, ProcessId self) { return {Kind::timeout, timer, 0, self, 0}; }
  /// `last`: the last durable record, 0 if there is none.
  static Input recovery(RecordWord last, ProcessId self) {
    return {Kind::recovery, 0, 0, self, last};
  }

  /// A failure detector reports that `who` has crashed.
  static Input failure(ProcessId who, ProcessId self) { return {Kind::failure, 0, who, self, 0}; }

  /// An input from its two words, as head() and word() give them.
  static Input from_words(std::uint64_t head, std::uint64_t word) { return {head, word}; }
  /// self (16 bits from bit 32) | from (16) | tag (8) | kind (8).
  static constexpr std::uint64_t head_of(Kind kind, Tag tag, ProcessId from, ProcessId self) {
    return static_cast<std::uint64_t>(self) << 32 | static_cast<std::uint64_t>(from) << 16 |
           static_cast<std::uint64_t>(tag) << 8 | static_cast<std::uint64_t>(kind);
  }
  std::uint64_t head() const { return head_; }
  std::uint64_t word() const { return word_; }

  Kind kind() const { return static_cast<Kind>(head_ & 0xff); }
  Tag tag() const {
    return static_cast<Tag>(head_ >> 8);
  }  ///< prepared: the vote; timeout: the timer
  ProcessId from() const {
    return static_cast<ProcessId>(head_ >> 16);
  }  ///< message: its sender; failure: who
  ProcessId self() const { return static_cast<ProcessId>(head_ >> 32); }  ///< who takes the input
  Message message() const { return {word_}; }
  RecordWord record() const { return word_; }
  bool operator==(const Input&) const = default;

 private:
  Input(std::uint64_t head, std::uint64_t word) : head_(head), word_(word) {}
  Input(Kind kind, Tag tag, ProcessId from, ProcessId self, std::uint64_t word)
      : Input(head_of(kind, tag, from, self), word) {}
  std::uint64_t head_, word_;
};

/// A protocol, ready to run: sizes and functions, made once by machine_of. A value; copies share
/// the options. `state` arguments point to `state_size` bytes aligned to `state_align`, owned by
/// the engine; `step` works in place and allocates nothing.
struct Machine {
  std::uint16_t state_size = 0, state_align = 0;
  Group group;                  ///< coordinator and participants
  std::uint16_t processes = 0;  ///< all, auxiliaries included
  /// Auxiliaries whose site another process hosts: [a] is the host of process n + 1 + a, itself if
  /// it has a site of its own.
  std::vector<ProcessId> auxiliary_hosts;
  std::string_view auxiliary_name;           ///< "acceptor"; empty if the protocol has none
  bool takes_read_only = false;              ///< a participant may answer LocalVote::read_only
  bool detects_failures = false;             ///< takes Input::Kind::failure
  std::span<const std::string_view> timers;  ///< names, by tag
  /// By tag, as bits: timers that expire at the next multiple of their length since the
  /// transaction's beginning, whenever they are armed. Requires lengths that are constant.
  std::uint32_t round_timers = 0;
  /// Names of the stable log's records, "none" included; empty if the protocol does not list them.
  std::span<const std::string_view> records;
  /// Names of its states, as state_name gives them; empty if the protocol does not list them.
  std::span<const std::string_view> states;
  int message_types = 0;
  std::span<const Message> variants;  ///< of all message types, for their names
  ProtocolTraits traits;              ///< under these options
  std::shared_ptr<const void> options;
  void (*construct)(void* state) = nullptr;
  void (*step_function)(const Machine&, void* state, Input, Sink&) = nullptr;
  Outcome (*outcome)(const void* state) = nullptr;
  std::string_view (*state_name)(const void* state) = nullptr;
  /// The latest ballot or election that a state knows of; null: the protocol counts none.
  std::uint32_t (*round)(const void* state) = nullptr;
  /// So many further rounds are enough for any process to lead one that nobody refuses: `processes`
  /// where each has numbers of its own, fewer (P::kRoundsAhead) where all count alike.
  std::uint16_t rounds_ahead = 0;
  /// A participant in this state leads in the coordinator's place, or tells what it has decided so;
  /// null: nobody ever does.
  bool (*leads)(const void* state) = nullptr;
  std::string_view (*message_name)(Message) = nullptr;
  std::string_view (*record_name)(RecordWord) = nullptr;
  /// Renames two participants in a state; null: the protocol declares no symmetry.
  void (*exchange)(void* state, ProcessId a, ProcessId b) = nullptr;

  /// Runs one handler; what it asks for goes to `sink`.
  void step(void* state, Input in, Sink& sink) const { step_function(*this, state, in, sink); }
};

namespace detail {

template <std::size_t I, class... M, class F>
inline void visit_message_from(Message wire, Messages<M...> list, F&& f) {
  using List = std::tuple<M...>;
  auto one = [&]<std::size_t K>(std::integral_constant<std::size_t, K>) {
    if constexpr (K < sizeof...(M)) f(decode<std::tuple_element_t<K, List>>(wire));
  };
  switch (wire.type()) {  // a real switch: one jump for up to eight types, then the next eight
    case I + 0: return one(std::integral_constant<std::size_t, I + 0>{});
    case I + 1: return one(std::integral_constant<std::size_t, I + 1>{});
    case I + 2: return one(std::integral_constant<std::size_t, I + 2>{});
    case I + 3: return one(std::integral_constant<std::size_t, I + 3>{});
    case I + 4: return one(std::integral_constant<std::size_t, I + 4>{});
    case I + 5: return one(std::integral_constant<std::size_t, I + 5>{});
    case I + 6: return one(std::integral_constant<std::size_t, I + 6>{});
    case I + 7: return one(std::integral_constant<std::size_t, I + 7>{});
    default:
      if constexpr (I + 8 < sizeof...(M)) visit_message_from<I + 8>(wire, list, f);
  }
}

/// Calls f with the typed message that `wire` holds.
template <class List, class F>
inline void visit_message(Message wire, F&& f) {
  visit_message_from<0>(wire, List{}, std::forward<F>(f));
}

template <class List>
inline constexpr auto kVariantsOf = variants_of_types(List{});

template <Process P>
void step(const Machine& machine, void* state, Input in, Sink& sink) {
  P& p = *std::launder(static_cast<P*>(state));
  Env<P> env(in.self(), machine.group, machine.processes,
             *static_cast<const typename P::Options*>(machine.options.get()), sink);
  switch (in.kind()) {
    case Input::Kind::message:
      return visit_message<typename P::Message>(
          in.message(), [&](const auto& m) { p.receive(m, in.from(), env); });
    case Input::Kind::prepared:
      if constexpr (kTakesReadOnly<P>)
        return p.prepared(static_cast<LocalVote>(in.tag()), env);
      else
        return p.prepared(in.tag() != 0, env);
    case Input::Kind::timeout: return p.timeout(static_cast<typename P::Timer>(in.tag()), env);
    case Input::Kind::start: return p.start(env);
    case Input::Kind::recovery:
      return p.recover(decode_record<typename P::Record>(in.record()), env);
    case Input::Kind::failure:
      if constexpr (kDetectsFailures<P>) p.failed(in.from(), env);
  }
}

}  // namespace detail

/// Requires at least one participant and at most P::kLimit processes, auxiliaries included.
template <Process P>
Machine machine_of(const Group& group, const typename P::Options& options = {}) {
  Machine m;
  m.group = group;
  int processes = 1 + group.participants;
  if constexpr (requires { P::auxiliary_hosts(group, options); }) {
    m.auxiliary_hosts = P::auxiliary_hosts(group, options);
    m.auxiliary_name = P::kAuxiliaryName;
    processes += static_cast<int>(m.auxiliary_hosts.size());
  }
  INDOUBT_ASSERT(group.participants >= 1 && processes <= P::kLimit);
  m.takes_read_only = kTakesReadOnly<P>;
  m.detects_failures = kDetectsFailures<P>;
  m.state_size = sizeof(P);
  m.state_align = alignof(P);
  m.processes = static_cast<std::uint16_t>(processes);
  m.timers = P::kTimers;
  if constexpr (requires { P::round_timers(options); }) m.round_timers = P::round_timers(options);
  if constexpr (requires { P::kRecords; }) m.records = P::kRecords;
  if constexpr (requires { P::kStates; }) m.states = P::kStates;
  m.message_types = P::Message::size;
  m.variants = detail::kVariantsOf<typename P::Message>;
  m.traits = P::traits(options);
  m.options = std::make_shared<const typename P::Options>(options);
  m.construct = [](void* state) { ::new (state) P{}; };
  m.step_function = &detail::step<P>;
  m.outcome = [](const void* s) { return std::launder(static_cast<const P*>(s))->outcome(); };
  m.state_name = [](const void* s) { return std::launder(static_cast<const P*>(s))->state_name(); };
  if constexpr (requires(const P& p) { p.round(); })
    m.round = [](const void* s) { return std::launder(static_cast<const P*>(s))->round(); };
  if constexpr (requires(const P& p) { p.leads(); }) {
    if (P::has_backups(options))
      m.leads = [](const void* s) { return std::launder(static_cast<const P*>(s))->leads(); };
  }
  m.rounds_ahead = m.processes;
  if constexpr (requires { P::kRoundsAhead; }) m.rounds_ahead = P::kRoundsAhead;
  m.message_name = [](Message wire) {
    std::string_view name = "?";
    detail::visit_message<typename P::Message>(wire, [&](const auto& x) { name = x.name(); });
    return name;
  };
  m.record_name = [](RecordWord w) { return P::record_name(decode_record<typename P::Record>(w)); };
  if constexpr (requires(P p, ProcessId a) { p.exchange(a, a); })
    m.exchange = [](void* s, ProcessId a, ProcessId b) {
      std::launder(static_cast<P*>(s))->exchange(a, b);
    };
  return m;
}

/// For a coordinator and processes - 1 participants of weight 1. Requires processes >= 2.
template <Process P>
Machine machine_of(int processes, const typename P::Options& options = {}) {
  return machine_of<P>(Group{processes - 1, {}}, options);
}

}  // namespace indoubt
