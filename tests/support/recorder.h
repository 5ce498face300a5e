#pragma once
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/engine/observer.h"

namespace indoubt {

/// Writes down a run, one line for each thing that happens:
///   execution "works after 10ms, replies after 10ms" (of the process that is asked)
///   inputs    "start", "takes YES from 2", "prepared YES", "time-out votes"
///   effects   as effect_text() gives them, at the instant when they take place
///   disk      "durable committed"
///   network   "loses YES to 0" (at the sender)
///   and       "delays YES to 0 by 5ms", "doubles YES to 0", "holds YES to 0 until 5ms"
///   sites     "crashes", "restarts" (of the process that the site is called after)
///   faults    "fault 0 begins", "fault 0 ends" (at the coordinator), "verdict abort"
class Recorder final : public Observer {
 public:
  struct Line {
    std::uint64_t transaction;
    Duration time;
    ProcessId process;
    std::string text;
    bool operator==(const Line&) const = default;
  };

  explicit Recorder(const Machine& machine) : machine_(machine) {}

  void on_work(const At& at, Duration request, Duration reply) override;
  void on_input(const At& at, const Input& in) override;
  void on_effect(const At& at, const Effect& e, std::span<const ProcessId> members) override;
  void on_durable(const At& at, RecordWord record) override;
  void on_loss(const At& at, ProcessId to, Message m, Loss why) override;
  void on_mishap(const At& at, ProcessId to, Message m, Mishap what, Duration time) override;
  void on_crash(const At& at) override { add(at, "crashes"); }
  void on_restart(const At& at) override { add(at, "restarts"); }
  void on_fault(const At& at, std::size_t fault, bool begins) override;
  void on_verdict(const At& at, Outcome o) override;

  const std::vector<Line>& lines() const { return lines_; }
  /// When process p first did so in transaction 1; nothing if it never did.
  std::optional<Duration> when(int p, std::string_view text) const;
  /// How often process p did so, over all transactions.
  int times(int p, std::string_view text) const;
  /// Messages lost for this reason, over all transactions.
  int lost_by(Loss why) const { return lost_by_[static_cast<std::size_t>(why)]; }
  /// Everything process p did in transaction 1: "10ms takes PREPARE from 0; 10ms prepare; ...".
  std::string story(int p) const;

 private:
  void add(const At& at, std::string text);
  const Machine machine_;
  std::vector<Line> lines_;
  std::array<int, 5> lost_by_{};
};

}  // namespace indoubt
