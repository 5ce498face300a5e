#pragma once
// Whether what a simulation did is a path of the explorer's model.
#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "analysis/explore/protocol_model.h"
#include "sim/engine/observer.h"

namespace indoubt {

/// One thing that happens in a run.
struct RunEvent {
  enum class Kind : std::uint8_t { input, crash, loss };
  Kind kind = Kind::input;
  Input input = Input::start(0);
  ProcessId site = 0;    ///< crash
  bool crashes = false;  ///< input: a crash of its site follows at once, perhaps in its midst
  ProcessId from = 0, to = 0;
  Message message = {};                 ///< loss
  std::optional<Outcome> decided = {};  ///< input: what its step decides
  std::string state = {};               ///< input: afterwards; empty: not known
};

/// Writes down every transaction of a run on fresh sites.
class RunWriter final : public Observer {
 public:
  explicit RunWriter(std::vector<ProcessId> sites) : sites_(std::move(sites)) {}
  void on_input(const At& at, const Input& in) override;
  void on_effect(const At& at, const Effect& e, std::span<const ProcessId>) override;
  void on_state(const At& at, std::string_view state) override;
  void on_loss(const At& at, ProcessId to, Message m, Loss) override;
  void on_crash(const At& at) override;

  /// In the order of the transactions' numbers.
  const std::vector<std::vector<RunEvent>>& runs() const { return runs_; }

 private:
  std::vector<RunEvent>& run(const At& at);
  RunEvent* last_input(const At& at);

  std::vector<ProcessId> sites_;
  std::vector<std::vector<RunEvent>> runs_;
  std::uint64_t transaction_ = 0;
  Duration stepped_{-1};  ///< when the last input came
};

/// Follows a run through the model's worlds: all that it can be in, where a crash leaves a choice.
class PathFinder {
 public:
  explicit PathFinder(Behaviour& behaviour)
      : b_(behaviour), worlds_(behaviour, 4), model_(worlds_) {}

  /// The number of the first event that is no move; nothing: the run is a path.
  std::optional<std::size_t> first_that_is_no_move(const std::vector<RunEvent>& run);

 private:
  using Model = ProtocolModel<4>;
  using World = Model::World;

  void follow(const RunEvent& e, bool again_later);
  void know();
  void step(const World& w, const std::vector<Label>& wanted, std::vector<World>& to);
  std::vector<Label> own_moves(const World& w, const RunEvent& e) const;
  std::vector<Label> deliveries(const World& w, const MessageName& name, ProcessId to,
                                bool again_later) const;
  std::vector<Label> losses(const World& w, const RunEvent& e) const;
  void crash(ProcessId site);
  bool is_down(const World& w, ProcessId p) const;
  bool fits(const World& w, const RunEvent& e) const;

  Behaviour& b_;
  ProtocolWorlds worlds_;
  Model model_;
  Model::Scratch scratch_;
  std::vector<World> at_;
};

}  // namespace indoubt
