#pragma once
// The Markov chain of a scenario under a protocol, built from the protocol's own handlers.
//
// 1. Times and probabilities of the scenario become constants, rates and weights (plan.h).
// 2. Every world that the scenario can come to is visited, each event run once for each way in
//    which its random choices can fall (graph.h, happen.h).
// 3. Who can still decide is found backward; who never learns is blocked (prospects.h).
// 4. What is left is numbered, marked with what holds of it and handed on as a Chain.
#include <string>
#include <variant>
#include <vector>

#include "analysis/chain/chain.h"
#include "analysis/chain/plan.h"

namespace indoubt::markov {

struct BuildOptions {
  int erlang = 0;  ///< as PlanOptions
  std::size_t most_states = 2'000'000;
  /// Only what the coordinator's decision settles is asked: the chain ends there. Where times are
  /// mixed this is often what makes it a chain at all. Requires that the coordinator's site does
  /// not fail, else it is refused.
  bool until_decided = false;
};

/// Where times are mixed: mass in `from` at the instant `at` goes to `to`.
struct Switch {
  std::int64_t at;  ///< nanoseconds since the beginning
  StateId from, to;
};

/// Names of marks that are not predicates of built_in.h: what `passes` and conditions ask for.
inline constexpr const char* kDecided = "decided";      ///< the coordinator has
inline constexpr const char* kCompleted = "completed";  ///< every participant has
/// Ends at which participants were in doubt so often in all: kDoubts + "1" and so on.
inline constexpr const char* kDoubts = "doubts.";
inline constexpr const char* kDoubted = "doubted";           ///< somebody was in doubt
inline constexpr const char* kDoubtedDown = "doubted_down";  ///< somebody is, and its site down
inline constexpr int kMostDoubts = 12;
/// Predicates of its own that a scenario may have: marks are 64.
inline constexpr std::size_t kMostOwnPredicates = 16;

struct BuiltChain {
  Chain chain;
  Clocks clocks = Clocks::constant;
  bool approximated = false;    ///< constant time-outs were replaced by Erlang ones
  int shared_record_every = 0;  ///< as ProtocolTraits has it
  bool until_decided = false;
  std::vector<Switch> switches;  ///< by instant; only where times are mixed
  std::size_t worlds = 0;        ///< visited
};

/// Why there is no chain.
struct Refusals {
  enum class Cause : std::uint8_t {
    undescribed,  ///< something in the scenario has no place in a chain
    not_markov,   ///< a constant time begins at a random instant and matters
    too_large,    ///< more than BuildOptions::most_states: there may be a chain
  };
  Cause cause;
  std::vector<std::string> sentences;  ///< what is in the way and what to change; not empty
};

class Graph;
/// Why a scenario has no graph before one is tried.
std::optional<Refusals> not_describable(const Scenario& scenario, const Machine& machine);
/// Requires a graph that is refused.
Refusals refusals_of(const Graph& graph);

/// The chain, or why there is none.
std::variant<BuiltChain, Refusals> build_chain(const Scenario& scenario, const Machine& machine,
                                               const BuildOptions& options = {});

}  // namespace indoubt::markov
