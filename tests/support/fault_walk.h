#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "sim/process/effect.h"
#include "sim/process/machine.h"
#include "sim/random/draws.h"

namespace indoubt {

/// What may go wrong in a FaultWalk.
struct FaultLimits {
  bool loss = true;
  bool duplication = true;
  int crashes = 2;       ///< most crashes before the walk settles down
  bool readers = false;  ///< participants may vote READ
};

/// One transaction that takes a random path through everything that can happen: any order of
/// messages and time-outs, loss, repetition, and crashes between any two effects of a handler,
/// after which any prefix of the site's unforced records may have survived. Judges AC1-AC3 as it
/// goes.
///
/// The decision does not matter to a participant that has voted READ, so its own is not judged, nor
/// anybody's if all have voted READ.
class FaultWalk {
 public:
  FaultWalk(const Machine& machine, std::uint64_t seed, const FaultLimits& limits = {});

  void run(int steps);
  /// All sites are up again and nothing fails from here on; time-outs come in turn.
  void settle();

  /// The first violation and how it came about; empty if there was none.
  const std::string& violation() const { return violation_; }
  Outcome decided(int p) const { return sites_[static_cast<std::size_t>(p)].decided; }
  bool reader(int p) const { return sites_[static_cast<std::size_t>(p)].vote == Vote::read_only; }
  int processes() const { return machine_.processes; }
  /// Everything that happened, one line each.
  const std::string& story() const { return story_; }

 private:
  enum class Vote : std::uint8_t { none, yes, no, read_only };
  struct Flight {
    Message message;
    ProcessId from, to;
  };
  struct Site {
    std::vector<std::uint64_t> state;
    std::vector<bool> armed;
    RecordWord durable = 0;
    std::vector<RecordWord> unforced;
    int working = 0;
    bool down = false;
    Vote vote = Vote::none;
    Outcome decided = Outcome::none;
  };

  Site& at(int p) { return sites_[static_cast<std::size_t>(p)]; }
  std::uint64_t draw(std::uint64_t below);
  void step(const Input& in, const std::string& what);
  void perform(Site& me, int p, const Effect& e, const Effects& all);
  void crash(int p);
  void restart(int p);
  void deliver(std::size_t i, bool keeps);
  void expire(int p, std::size_t timer);
  void finish_work(int p, LocalVote vote);
  void happen();
  void judge(int p, Outcome o);
  bool everybody_reads() const;
  void blame(int p, const std::string& what);

  Machine machine_;
  Draws draws_;
  FaultLimits limits_;
  std::vector<Site> sites_;
  std::vector<Flight> flights_;
  std::string violation_, story_;
  std::uint64_t drawn_ = 0;
};

}  // namespace indoubt
