#pragma once
// What happened in one transaction, in order, as rows for a reader and for machines.
#include <optional>
#include <string>
#include <vector>

#include "sim/engine/observer.h"
#include "sim/scenario/scenario.h"

namespace indoubt {

class TraceLog final : public Observer {
 public:
  struct Row {
    Duration time;
    std::string site;    ///< empty for what happens to the network or to several sites
    std::string event;   ///< "takes YES from payment", "forces committed", "crashes"
    std::string detail;  ///< what kind of thing it is: execution, input, effect, durable, loss,
                         ///< crash, restart, fault, repair, verdict
    std::string state;   ///< of the process when its step is over; on the step's first row
  };

  /// How a process stands when the transaction is over.
  struct Standing {
    std::string site{};
    std::string state{};  ///< the textbook's name; empty while it is down
    Outcome decided = Outcome::none;
    std::optional<LocalVote> vote{};
    bool down = false;
    /// It voted YES and knows no decision.
    bool in_doubt() const { return vote == LocalVote::yes && decided == Outcome::none; }
  };

  /// Both must outlive this.
  TraceLog(const Scenario& scenario, const Machine& machine);

  void on_work(const At& at, Duration request, Duration reply) override;
  void on_input(const At& at, const Input& in) override;
  void on_effect(const At& at, const Effect& e, std::span<const ProcessId> members) override;
  void on_durable(const At& at, RecordWord record) override;
  void on_loss(const At& at, ProcessId to, Message m, Loss why) override;
  void on_mishap(const At& at, ProcessId to, Message m, Mishap what, Duration time) override;
  void on_crash(const At& at) override;
  void on_restart(const At& at) override;
  void on_fault(const At& at, std::size_t fault, bool begins) override;
  void on_verdict(const At& at, Outcome o) override;
  void on_decision_read(const At& at, Outcome o) override;
  void on_state(const At& at, std::string_view state) override;

  const std::vector<Row>& rows() const { return rows_; }
  /// By process, the coordinator first.
  const std::vector<Standing>& standings() const { return standings_; }

 private:
  std::string site(ProcessId p) const;
  void add(const At& at, std::string event, std::string detail);
  const Scenario& scenario_;
  const Machine& machine_;
  std::vector<Row> rows_;
  std::vector<Standing> standings_;
  std::size_t step_ = 0;  ///< row of the input that is being handled
};

}  // namespace indoubt
