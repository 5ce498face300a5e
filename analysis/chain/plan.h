#pragma once
// A scenario as a chain needs it: every time a constant or a sum of exponential stages, every
// probability a weight with a name. What a chain cannot describe is told in sentences.
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "analysis/chain/weights.h"
#include "sim/faults/fault_plan.h"
#include "sim/network/network_plan.h"
#include "sim/process/machine.h"
#include "sim/scenario/scenario.h"

namespace indoubt::markov {

/// How long something takes.
struct Delay {
  std::int64_t fixed = 0;         ///< nanoseconds, where there are no stages
  WeightId rate = Weights::kOne;  ///< of each stage, per nanosecond
  std::uint16_t stages = 0;       ///< exponential ones, one after another
  bool instant() const { return stages == 0 && fixed == 0; }
  bool constant() const { return stages == 0 && fixed != 0; }
};

/// What kind of times a scenario has; it decides how it is solved.
enum class Clocks : std::uint8_t {
  constant,     ///< none is random: a chain of steps that take known times
  exponential,  ///< all are zero or exponential: a chain in continuous time
  mixed,        ///< constant ones among exponential ones
};

struct PlanOptions {
  /// Constant time-outs become Erlang ones of so many stages where times are mixed; 0: they stay.
  int erlang = 0;
};

/// Keeps references to the scenario and the machine.
class Plan {
 public:
  struct Link {
    Delay delay;
    std::optional<WeightId> loss, duplication;  ///< empty: it never happens
    bool counted = true;
  };
  struct Participant {
    Delay prepare;
    std::optional<WeightId> yes;  ///< empty: the vote is certain
    bool certain_yes = true;
    std::optional<WeightId> read;  ///< empty: `certain_read`
    bool certain_read = false;
  };
  struct Rule {
    const Fault* fault = nullptr;
    std::optional<WeightId> probability;  ///< empty: it is 1
    bool never = false;                   ///< the probability is 0
    std::optional<WeightId> each;         ///< of a crash of several sites; empty: 1
    std::optional<Delay> gap, lasts;
    Delay delay;  ///< message: additional, or until when it is held; heuristic: so long in doubt
    /// Slow: 1 / factor; clock: its drift. What rates are multiplied by.
    WeightId pace = Weights::kOne;
    bool cuts() const {
      return fault->kind == Fault::Kind::partition || fault->kind == Fault::Kind::cut;
    }
  };

  Plan(const Scenario& scenario, const Machine& machine, const PlanOptions& options,
       Weights& weights);

  /// What cannot be described, a sentence each, with what to change; the rest is void then.
  const std::vector<std::string>& problems() const { return problems_; }
  Clocks clocks() const { return clocks_; }
  /// Constant time-outs were replaced by Erlang ones.
  bool approximated() const { return approximated_; }
  const Scenario& scenario() const { return scenario_; }
  const Machine& machine() const { return machine_; }
  const NetworkPlan& network() const { return network_; }
  const FaultPlan& faults() const { return faults_; }

  const Link& link(ProcessId from, ProcessId to) const {
    return links_[std::size_t{from} * machine_.processes + to];
  }
  /// Requires 1 <= p <= participants.
  const Participant& participant(ProcessId p) const { return participants_[p - 1u]; }
  /// By tag; empty: never fires.
  const std::optional<Delay>& timer(Tag tag) const { return timers_[tag]; }
  const Delay& force() const { return force_; }
  const std::vector<Rule>& rules() const { return rules_; }
  bool has_crashes() const { return has_crashes_; }
  bool has_message_faults() const { return has_message_faults_; }
  /// Some fault cuts, slows down or stalls links.
  bool has_link_faults() const { return has_link_faults_; }
  /// Some fault makes sites slow or sets the pace of their clocks.
  bool has_site_faults() const { return has_site_faults_; }
  bool counts_inquiries() const { return counts_inquiries_; }
  bool can_crash(ProcessId p) const;
  /// Some link does.
  bool loses_messages() const;
  /// Whether rule number r concerns every transaction: it is certain, or drawn each time.
  bool always_concerns(std::size_t r) const;

  /// Why something constant that begins at a random instant cannot be solved.
  std::string not_markov(const std::string& what) const;
  std::string timer_field(Tag tag) const;
  /// As scenarios call the time after which a fault ends.
  std::string end_field(const Fault& fault) const;

 private:
  struct Named {
    std::string field, text;
  };
  Delay delay_of(const Latency& latency, const std::string& field);
  std::optional<WeightId> chance(double p, const std::string& name);
  WeightId parameter(const std::string& name, double value);
  void refuse(std::string sentence) { problems_.push_back(std::move(sentence)); }
  void check_sites();
  void check_network();
  void check_fault(const Fault& fault);
  void check_random_holds(const Rule& rule);
  Rule rule_of(const Fault& fault);
  void add_links();
  void add_participants();
  void add_timers(const PlanOptions& options);
  void add_rules();
  void find_clocks();
  std::string link_field(const LinkClass& link, ProcessId from, ProcessId to,
                         const char* what) const;

  const Scenario& scenario_;
  const Machine& machine_;
  Weights& weights_;
  const NetworkPlan network_;
  const FaultPlan faults_;
  std::vector<std::string> problems_;
  std::map<std::string, WeightId> parameters_;
  std::vector<Named> constants_, exponentials_;
  std::vector<Link> links_;
  std::vector<Participant> participants_;
  std::vector<std::optional<Delay>> timers_;
  std::vector<Rule> rules_;
  Delay force_;
  Clocks clocks_ = Clocks::constant;
  bool approximated_ = false, has_crashes_ = false, has_message_faults_ = false;
  bool has_link_faults_ = false, has_site_faults_ = false;
  bool counts_inquiries_ = false;
};

}  // namespace indoubt::markov
