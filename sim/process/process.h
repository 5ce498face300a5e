#pragma once
// What a protocol author writes: one regular value per process, with handlers.
#include <concepts>
#include <string_view>
#include <type_traits>

#include "sim/process/env.h"
#include "sim/process/traits.h"

namespace indoubt {

/// A participant of P may answer READ: P has `prepared(LocalVote, env)` instead of
/// `prepared(bool yes, env)`.
template <class P>
inline constexpr bool kTakesReadOnly = requires(P p, Env<P>& env) {
  p.prepared(LocalVote::yes, env);
};
/// P has `failed(ProcessId, env)`, called when a failure detector reports a crash.
template <class P>
inline constexpr bool kDetectsFailures = requires(P p, Env<P>& env) {
  p.failed(ProcessId{}, env);
};

/// A protocol. An object of P is one site's volatile state for one transaction.
///
/// * Regular, trivially copyable, without padding: equal values have equal bytes, so engines
/// compare
///   and hash bytes.
/// * Handlers are deterministic, run to completion and talk to the world only through Env: no
/// clock,
///   no random numbers, no I/O, no heap.
/// * `start` runs once at every process when the transaction begins, `recover` on a fresh value at
///   each restart of its site, with the last durable record (a default Record if there is none).
/// * P::Message lists the message types; for each of them P has `receive(message, from, env)`.
/// * P::Timer is an enumeration from 0; kTimers names its values. kRecords, if there is one, names
///   the kinds of records, and kStates the states, so that scenarios can be told which there are.
/// * A protocol with processes beyond coordinator and participants has
///   `auxiliary_hosts(group, options)`, the process at whose site each one runs (its own number:
///   a site of its own), and `kAuxiliaryName`.
/// * `round_timers(options)`, if there is one, says which timers keep rounds (Machine).
/// * `traits` tells analytic models what the options mean for the decision.
/// * `state_name` is the textbook's name of the present state, for traces.
template <class P>
concept Process = std::regular<P> && std::is_trivially_copyable_v<P> &&
    std::has_unique_object_representations_v<P> &&
    std::is_trivially_copyable_v<typename P::Options> &&
    requires(P p, const P& c, const typename P::Options& options, Env<P>& env,
             typename P::Timer timer, typename P::Record last) {
  typename P::Message;
  typename P::Set;
  p.start(env);
  requires kTakesReadOnly<P> || requires { p.prepared(true, env); };
  p.timeout(timer, env);
  p.recover(last, env);
  { c.outcome() } -> std::same_as<Outcome>;
  { c.state_name() } -> std::same_as<std::string_view>;
  { P::traits(options) } -> std::same_as<ProtocolTraits>;
  { P::record_name(last) } -> std::same_as<std::string_view>;
  { P::kTimers.size() } -> std::convertible_to<std::size_t>;
  { P::kLimit } -> std::convertible_to<int>;
};

}  // namespace indoubt
