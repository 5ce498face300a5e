#pragma once
// From a path of the search to moves that can be read and replayed.
#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "analysis/explore/explorer.h"
#include "analysis/explore/protocol_model.h"
#include "analysis/explore/search_path.h"

namespace indoubt {

/// Follows a path through worlds as they are. The path's own worlds are representatives: a
/// participant may have another's name in the next one, or a reduction may have put a situation in
/// the place of another and dropped messages. Worlds on the way that no search has seen may need
/// entries of Behaviour that are not there yet: they are made, in a behaviour of its own if that of
/// the search is reduced.
class TraceBuilder {
 public:
  explicit TraceBuilder(Behaviour& searched)
      : searched_(searched),
        plain_(searched.reduced()
                   ? std::optional<Behaviour>(std::in_place, searched.machine(), searched.setup())
                   : std::nullopt),
        b_(plain_ ? *plain_ : searched),
        worlds_(b_, kWords),
        images_(searched, kWords),
        model_(worlds_),
        image_model_(images_) {}

  /// `from`: the layout of the path's worlds.
  /// Nothing if a step of the path is not found again.
  template <int kPathWords>
  std::optional<ExploredTrace> build(const Path<Packed<kPathWords>>& path,
                                     const ProtocolWorlds& from) {
    std::vector<std::pair<Label, World>> steps;
    for (const auto& step : path.steps)
      steps.emplace_back(step.label, images_.repacked(step.world, from));
    return build(model_.initial(), std::move(steps));
  }

 private:
  static constexpr int kWords = 4;
  using Model = ProtocolModel<kWords>;
  using World = typename Model::World;
  using B = Behaviour;

  std::optional<ExploredTrace> build(World at, std::vector<std::pair<Label, World>> steps) {
    ExploredTrace trace;
    for (std::size_t i = 0; i < steps.size(); ++i) {
      while (!known(at)) {
        if (too_wide_) return std::nullopt;
        at = model_.moved_if(at, moved_);
        for (std::size_t k = i; k < steps.size() && !plain_; ++k)
          steps[k].second = model_.moved_if(steps[k].second, moved_);
      }
      const std::optional<std::pair<Label, World>> real = real_step(at, steps[i]);
      if (!real) return std::nullopt;
      trace.steps.push_back(described(at, real->second, real->first));
      at = real->second;
    }
    return trace;
  }

  /// Whether everything about the next moves is known; otherwise it is by the next time.
  bool known(const World& at) {
    bool all = model_.each_successor(at, scratch_, [&](World next, Label) {
      if (!plain_ && !b_.groups().empty()) model_.canonicalise(next, scratch_);
    });
    all = all && scratch_.gaps.empty();
    if (all) return true;
    const Learned learned = model_.learn({&scratch_, 1});
    too_wide_ = learned == Learned::limit;
    moved_ = learned == Learned::moved;
    return false;
  }

  /// The move of `at` whose world is represented by that of `step`; of several the least label.
  std::optional<std::pair<Label, World>> real_step(const World& at,
                                                   const std::pair<Label, World>& step) {
    std::optional<std::pair<Label, World>> best;
    model_.each_successor(at, scratch_, [&](const World& next, Label label) {
      const std::optional<World> representative = representative_of(next);
      if (!representative || !(*representative == step.second)) return;
      if (b_.groups().empty() && label != step.first) return;
      if (!best || label < best->first) best = {label, next};
    });
    return best;
  }

  /// The world of the search that stands for `real`; nothing if it has met none.
  std::optional<World> representative_of(const World& real) {
    std::optional<World> w = plain_ ? image(real) : real;
    if (!w || b_.groups().empty()) return w;
    typename Model::Scratch scratch;  // what is not known here, the search has not met
    const Model& model = plain_ ? image_model_ : model_;
    return model.canonicalise(*w, scratch) ? w : std::nullopt;
  }
  std::optional<World> image(const World& real) const {
    World to{};
    for (std::size_t i = 2u * static_cast<std::size_t>(b_.processes()); i < worlds_.fields(); ++i)
      images_.field(i).set(to, worlds_.field(i).get(real));  // budgets
    for (ProcessId p = 0; p < b_.processes(); ++p) {
      const auto local = searched_.find_local(p, b_.local(p, model_.local(real, p)));
      const auto inbox = local ? inbox_image(p, *local, model_.inbox(real, p)) : std::nullopt;
      if (!inbox) return std::nullopt;
      images_.local_field(p).set(to, *local);
      images_.inbox_field(p).set(to, *inbox);
    }
    return to;
  }
  std::optional<std::uint32_t> inbox_image(ProcessId p, std::uint32_t local,
                                           std::uint32_t inbox) const {
    const std::uint32_t row = searched_.dead_row(p, local);
    std::vector<std::uint32_t> items;
    for (const std::uint32_t item : b_.items(p, inbox)) {
      const auto message = searched_.find_message(p, b_.message(p, b_.message_of(item)));
      if (!message) return std::nullopt;
      if (!searched_.dead(p, row, *message))
        items.push_back(searched_.item(*message, b_.ticks_left(item)));
    }
    std::sort(items.begin(), items.end());
    return searched_.find_inbox(p, items);
  }

  TraceStep described(const World& at, const World& next, Label label) {
    TraceStep step;
    step.move = move_of(label);
    step.process = process_of(label);
    if (step.move == Move::tick) ++ticks_;
    step.ticks = ticks_;
    if (step.move == Move::part) step.split = b_.splits()[model_.split(next)];
    if (step.move == Move::part || step.move == Move::heal || step.move == Move::tick) {
      step.process = 0;
      return step;
    }
    describe_step(at, next, label, step);
    const std::uint32_t after = model_.local(next, step.process);
    if (b_.local(step.process, after).up())
      step.state = std::string(b_.process_facts(step.process, after).state);
    return step;
  }

  /// Different moves may have one label: it is the one that leads to `next`.
  void describe_step(const World& at, const World& next, Label label, TraceStep& step) {
    const ProcessId p = step.process;
    const std::uint32_t l = model_.local(at, p);
    const std::size_t items = b_.items(p, model_.inbox(at, p)).size();
    bool found = false;
    for (const B::Rule& r : b_.rules(b_.spontaneous(p, l))) {
      if (found || label_of(r.move, p, &r, nullptr) != label) continue;
      found = model_.leads_to(at, p, r, std::nullopt, false, next, scratch_);
      if (found) take(p, l, r, nullptr, step);
    }
    for (std::size_t i = 0; i < items && !found; ++i)
      found = describe_message(at, next, label, i, step);
    INDOUBT_ASSERT(found);
  }

  /// The same if it is a move with item number i of the inbox.
  bool describe_message(const World& at, const World& next, Label label, std::size_t i,
                        TraceStep& step) {
    const ProcessId p = step.process;
    const std::uint32_t l = model_.local(at, p), box = model_.inbox(at, p);
    const std::uint32_t number = b_.message_of(b_.items(p, box)[i]);
    const MessageName& name = b_.message(p, number);
    if (move_of(label) == Move::lose) {
      if (fault_label(Move::lose, p, 0, &name) != label) return false;
      if (b_.minus(p, box, i) != model_.inbox(next, p)) return false;
      step.message = name;
      return true;
    }
    const B::Range range = b_.reactions(p, l, number);
    if (range.first == B::kUnknown) return false;
    for (const B::Rule& r : b_.rules(range)) {
      const bool twice = !r.crashes && fault_label(Move::duplicate, p, 0, &name) == label;
      if (!twice && label_of(r.move, p, &r, &name) != label) continue;
      if (!model_.leads_to(at, p, r, i, twice, next, scratch_)) continue;
      take(p, l, r, &name, step);
      return true;
    }
    return false;
  }

  void take(ProcessId p, std::uint32_t l, const B::Rule& rule, const MessageName* name,
            TraceStep& step) {
    if (name != nullptr) step.message = *name;
    step.detail = rule.detail;
    step.crashes = rule.crashes;
    const Local& local = b_.local(p, l);
    const std::optional<Act> act = act_of(p, local, rule, name);
    if (!act) return;
    step.effects = b_.steps().asked(local, *act);
    const LocalSteps::Reach reach = b_.steps().reach(step.effects, rule.cut);
    step.done = reach.whole;
    step.sends_of_last = reach.sends;
  }

  std::optional<Act> act_of(ProcessId p, const Local& local, const B::Rule& rule,
                            const MessageName* name) const {
    switch (rule.move) {
      case Move::start: return Act::of(Input::start(p));
      case Move::prepared: return Act::of(Input::prepared(static_cast<LocalVote>(rule.detail), p));
      case Move::written: return Act::written(p);
      case Move::timeout: return Act::of(Input::timeout(rule.detail, p));
      case Move::recover: return Act::of(Input::recovery(local.durable, p));
      case Move::deliver: return Act::of(Input::message(name->message, name->from, p));
      case Move::report: return Act::of(Input::failure(name->from, p));
      default: return std::nullopt;
    }
  }

  Behaviour& searched_;
  std::optional<Behaviour> plain_;
  Behaviour& b_;
  ProtocolWorlds worlds_;
  ProtocolWorlds images_;  ///< the layout in which worlds of the search are compared
  Model model_, image_model_;
  typename Model::Scratch scratch_;
  bool moved_ = false, too_wide_ = false;
  std::int64_t ticks_ = 0;
};

}  // namespace indoubt
