#pragma once
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/process/effect.h"
#include "sim/process/machine.h"
#include "tests/support/machines.h"

namespace indoubt {

/// One transaction of a catalogue protocol, worked by hand: the test chooses what happens next and
/// reads what the process asks for. No engine, no clock, no random numbers. A value: a copy is a
/// branch.
///
/// Effects come back as text in program order, "force prepared; send YES to 0; set decision";
/// "nothing" if there is none. Cancelling a timer that is not armed is left out. What cannot happen
/// (no such message in flight, a timer that is not armed) comes back as a sentence that says so.
class Puppet {
 public:
  Puppet(std::string_view protocol, int participants, const std::vector<NamedOption>& options = {});
  /// With weights.
  Puppet(std::string_view protocol, const Group& group,
         const std::vector<NamedOption>& options = {});

  /// Starts every process; gives the coordinator's effects.
  std::string start();
  /// The oldest message in flight of this textbook name from `from` to `to` arrives.
  std::string deliver(std::string_view name, int from, int to);
  /// The same message arrives and stays in flight; one that has arrived already arrives once more.
  std::string again(std::string_view name, int from, int to);
  /// The message is lost.
  std::string drop(std::string_view name, int from, int to);
  /// Message number `i` in flight, oldest first, arrives `times` times.
  std::string deliver_number(std::size_t i, int times = 1);
  /// Every message that has ever arrived does so once more.
  void repeat_everything();
  /// Local work at p ends with this vote.
  std::string prepared(int p, bool yes);
  std::string prepared(int p, LocalVote vote);
  /// An armed timer of p expires.
  std::string timeout(int p, std::string_view timer);
  /// The site of p crashes and restarts with what was forced there. Messages in flight survive.
  std::string recover(int p);
  /// The same, with `record` as the last durable one: "none", or any that was written so far.
  std::string recover(int p, std::string_view record);
  /// The next step of p ends early: its site crashes after this many effects, each destination of a
  /// set being one, and restarts with what was durable. Cancelled timers do not count.
  void cut_next(int p, int effects) {
    at(p).cut = effects;
    at(p).stops = false;
  }
  /// The same, and the site stays down.
  void stop_next(int p, int effects) {
    at(p).cut = effects;
    at(p).stops = true;
  }
  /// The failure detector tells p that `who` has crashed.
  std::string detect(int p, int who);
  /// Every message now in flight between the two groups is lost: the link is cut.
  void cut(const std::vector<int>& one, const std::vector<int>& other);
  /// The site of p goes down for good. Of its messages in flight, oldest first, those are lost
  /// whose bit is set in `lost`: a broadcast that was cut. Messages to it are lost when they
  /// arrive.
  void crash(int p, std::uint64_t lost);

  bool down(int p) const { return at(p).down; }
  std::string state(int p) const;
  Outcome outcome(int p) const;
  /// The last decision that p asked for as an effect.
  Outcome decided(int p) const { return at(p).decided; }
  /// How often p has decided since its last restart.
  int decisions(int p) const { return at(p).decisions; }
  std::string record(int p) const;  ///< last durable one
  std::string armed(int p) const;   ///< "decision request", in the order of the timers' list
  bool works(int p) const { return at(p).working != 0; }
  bool forgotten(int p) const { return at(p).forgotten; }
  std::string in_flight() const;  ///< "PREPARE 0>1, PREPARE 0>2", oldest first
  std::size_t flying() const { return flights_.size(); }
  /// Sender and receiver of message number `i` in flight.
  std::pair<int, int> ends(std::size_t i) const { return {flights_[i].from, flights_[i].to}; }
  bool quiet() const { return flights_.empty(); }
  int sent() const { return sent_; }
  int forced(int p) const { return at(p).forced; }
  int processes() const { return machine_.processes; }
  const Machine& machine() const { return machine_; }
  /// Everything that what can still happen depends on; messages in flight as a multiset. Equal
  /// keys: equal futures.
  std::string key() const;
  /// The protocol's state of p: machine().state_size bytes.
  const void* bytes(int p) const { return at(p).state.data(); }

 private:
  struct Flight {
    Message message;
    ProcessId from, to;
  };
  struct Site {
    std::vector<std::uint64_t> state;  // aligned for every protocol
    std::vector<bool> armed;           // by tag
    RecordWord durable = 0;
    Outcome decided = Outcome::none;
    int working = 0, forced = 0, decisions = 0;
    int cut = -1;  // effects that the next step performs; -1: all of them
    bool forgotten = false, down = false, stops = false;
  };

  Site& at(int p) { return sites_[static_cast<std::size_t>(p)]; }
  const Site& at(int p) const { return sites_[static_cast<std::size_t>(p)]; }
  std::string step(const Input& in);
  std::string cut_short(int p, const Effects& effects);
  std::string arrive(const Flight& f) { return step(Input::message(f.message, f.from, f.to)); }
  std::string perform(Site& me, int p, const Effect& e, const Effects& all);
  void fly(int from, std::span<const ProcessId> to, Message m);
  std::string restart(int p, RecordWord record);
  std::size_t find(const std::deque<Flight>& list, std::string_view name, int from, int to) const;

  Machine machine_;
  std::vector<Site> sites_;
  std::deque<Flight> flights_, delivered_;
  std::vector<RecordWord> written_ = {0};
  int sent_ = 0;
};

}  // namespace indoubt
