#pragma once
// What of a process and of the messages on their way to it can make no difference any more.
//
// Worlds that differ in such things only are one to a search. In order:
//
// 1. Closure. Everything that each process can do by itself, on each message that anybody can send
//    it in any of its situations, and in every tick: more than what any run does, and finite, since
//    ballots are limited. It takes one run of a handler for each situation and input.
// 2. Classes. Local situations are alike if the same is judged of them and every move of one is a
//    move of the other with the same label, the same messages and a next situation that is alike:
//    the coarsest such partition, by refinement (Kanellakis & Smolka 1983). Moves inside a class
//    that send nothing are left out on both sides, such as a time-out after which nothing is to be
//    done. Each step of one world is then a step of the other, with the same label, to worlds that
//    are alike again: all verdicts, shortest depths and their labels stay.
// 3. Dead messages. A message is dead for a situation if it stays in its class, and sends nothing,
//    on that message, and so in every situation that the closure can lead to from there, a crash,
//    a restart and every other message included. It can only be taken away, by delivery, loss or a
//    partition, and no shortest way does that: it is dropped at once. Not with clocks, where time
//    waits for its delivery and ways would get shorter, nor with a failure detector, whose report
//    waits for it.
//
// Where participants are folded (Exploration::symmetry), the closure is closed under their
// exchanges as well, and it is looked up whether these take classes to classes and dead messages to
// dead ones. If they do not (a crash can cut a broadcast in the order of numbers only), nothing is
// reduced.
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "analysis/explore/behaviour.h"
#include "analysis/explore/independence.h"
#include "analysis/explore/search_clock.h"

namespace indoubt {

/// The classes of the local situations of each process, and which messages are dead for them.
struct Reduction {
  struct Site {
    std::map<std::string, std::uint32_t> class_of;  ///< by Local::key(); closed
    std::vector<Local> standard;                    ///< by class: one of its situations
    std::map<MessageName, std::uint32_t> message;   ///< numbers of the rows below
    std::vector<std::uint32_t> dead_row;            ///< by class; row 0: no message is dead
    std::vector<std::vector<bool>> dead;            ///< [row][message]
  };
  std::vector<Site> sites;                     ///< by process
  std::optional<Independence> independence{};  ///< with Exploration::partial_order
  std::uint64_t handler_runs = 0;              ///< of the closure
};

/// The reduction of all that `machine` can do under `setup`; nothing where exchanges of
/// participants that are folded do not respect it, the closure takes more than `most_bytes`, or the
/// clock ends it.
/// `predicates`: others than AC1 to AC5 are asked, so that no move that they see may go first.
/// Deterministic, unless the clock ends it. Time: about a millisecond for a thousand situations.
std::optional<Reduction> reduction_of(const Machine& machine, const ExploreSetup& setup,
                                      std::uint64_t most_bytes, SearchClock& clock,
                                      bool predicates = true);

}  // namespace indoubt
