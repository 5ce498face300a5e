#pragma once
// What an event makes of a world, exactly as in the simulator (sim/engine): the same handlers, the
// same order of effects, the same points at which faults strike; only that what the simulator draws
// is a choice here, and a time is something that is under way.
#include <array>
#include <optional>
#include <span>
#include <string>

#include "analysis/chain/choices.h"
#include "analysis/chain/world.h"
#include "sim/process/role.h"

namespace indoubt::markov {

/// What was counted along one event. Messages and writes by Role.
struct Earned {
  std::array<std::uint16_t, kRoles> messages{}, forced{}, unforced{};
  std::uint16_t asked = 0, yes = 0;
  auto operator<=>(const Earned&) const = default;
};

/// Runs events. References are kept; the machine must outlive it.
class Happenings {
 public:
  Happenings(const Plan& plan, Continuations& continuations)
      : plan_(plan), machine_(plan.machine()), continuations_(continuations) {}

  /// Everybody up and nothing begun.
  World blank() const;
  /// The beginning of a transaction, from blank().
  void begin(World& world, Choices& choices, Earned& earned);
  /// `item`, which is no longer among the world's, comes to its end.
  void happen(World& world, const Item& item, Choices& choices, Earned& earned);

  /// The first thing that would need a constant time from a random instant and is no time-out.
  const std::optional<std::string>& stuck() const { return stuck_; }

 private:
  /// A step under watch: which points it has passed.
  struct Watch {
    ProcessId self;
    Input input;
    std::optional<std::size_t> crashed_by;
    bool decided = false, told = false;
    Role role;  ///< that its process plays in it
    bool led;   ///< it led before the step
  };
  using Performed = indoubt::Effect;

  ProcessState& process(ProcessId p) { return world_->processes[p]; }
  SiteState& site(ProcessId p) { return world_->sites[plan_.network().site_of(p)]; }
  Role role(ProcessId p, bool led) const;
  bool leads(ProcessId p) const;
  bool happens(const std::optional<WeightId>& p) { return !p || choices_->happens(*p); }

  // Inputs.
  void react(ProcessId p, std::uint64_t head, std::uint64_t word);
  void step(Input in);
  void vote_drawn(ProcessId p);
  void resume(ProcessId p);
  void deliver(const Item& item);

  // Effects.
  void perform(const Effects& effects, int first, Watch& watch);
  bool take(const Effects& effects, int number, Watch& watch);
  void suspend(const Effects& effects, int number, const Watch& watch, bool lies);
  void send_all(std::span<const ProcessId> to, Message m, Watch& watch);
  void send(const Watch& watch, ProcessId to, Message m, std::int64_t gap);
  /// What becomes of a message on its way, times in nanoseconds from now.
  struct Passage {
    std::int64_t departs = 0, not_before = 0;
    bool twice = false;
  };
  bool mishap(ProcessId from, ProcessId to, Message m, Passage& passage);
  void put_off(Item item, std::int64_t until);
  void vote(ProcessId p, LocalVote v);
  bool force(const Effects& effects, int number, Watch& watch);
  bool disk_lies(Watch& watch);
  void write(ProcessId p, RecordWord record);
  void durable(ProcessId p);
  void set_timer(ProcessId p, Tag tag);
  void cancel_timer(ProcessId p, Tag tag);
  void learn(ProcessId p, AbortCause cause);
  void decide(ProcessId p, Outcome o, AbortCause cause);
  void judge(ProcessId p, Outcome o, Outcome before, AbortCause cause);
  void begin_item(Item item, const Delay& delay, const char* field);
  std::string name_of(const Item& item, const char* field) const;

  // Points of faults.
  template <class F>
  void each_point(Watch& watch, F&& f);
  void strikes_instead(Watch& watch);
  void step_point(Watch& watch);
  void at(Point::Where where, Point::What what, std::string_view name, Watch& watch);
  void around_send(Point::Where where, std::string_view name, std::span<const ProcessId> to,
                   std::size_t i, Watch& watch);
  std::size_t random_cut(std::string_view name, std::size_t sends, Watch& watch, std::size_t& rule);
  void reach(std::size_t rule, Watch& watch);
  void strike_at(std::size_t rule, Watch& watch);
  bool counts(std::size_t rule);
  bool meets_conditions(std::size_t rule) const;
  bool concerns(std::size_t rule);
  void draw_all();
  void begin_faults();
  void begin_windows();
  void come(const Item& fault);
  void take(const Item& item);
  std::string_view handler(const Input& in) const;

  // Sites.
  bool crash(std::size_t rule, ProcessId site);
  void drop(ProcessId p);
  void lose_log(ProcessId p);
  bool holds_down(std::size_t rule, ProcessId where) const;
  void restart(ProcessId site);
  void strike_sites(std::size_t rule);
  void schedule_random(std::size_t rule);
  void repaired(const Item& item);
  std::optional<std::int64_t> restarts_at(ProcessId site) const;

  // Reports of crashes.
  void report(ProcessId crashed, ProcessId told);
  void report_crash(ProcessId crashed);
  void report_to_restarted(ProcessId told);
  void void_reports(ProcessId site);
  void tell(const Item& report);
  bool under_way(ProcessId from, ProcessId to) const;
  void release_reports();

  // Troubles that last: links, slow sites, clocks; decisions without the protocol.
  void strike(std::size_t rule);
  void begin_trouble(std::size_t rule);
  void end_trouble(std::size_t rule);
  void drop_flights(std::size_t rule);
  template <class F>
  void each_trouble(Fault::Kind kind, ProcessId from, ProcessId to, F&& f) const;
  bool is_cut(ProcessId from, ProcessId to) const;
  std::optional<std::int64_t> stalled_until(ProcessId from, ProcessId to) const;
  Delay slowed_link(Delay delay, ProcessId from, ProcessId to);
  /// Whether the rule is of that kind and names the site of p.
  bool is_of_site(std::size_t rule, Fault::Kind kind, ProcessId p) const;
  Delay slowed_site(Delay delay, ProcessId p);
  Delay by_clock(Delay delay, ProcessId p);
  void jump_clocks(std::size_t rule);
  void expect_verdicts(ProcessId p);
  void decide_alone(ProcessId p, std::size_t rule);

  const Plan& plan_;
  const Machine& machine_;
  Continuations& continuations_;
  World* world_ = nullptr;
  Choices* choices_ = nullptr;
  Earned* earned_ = nullptr;
  std::optional<std::string> stuck_;
};

}  // namespace indoubt::markov
