#include "analysis/chain/branches.h"

#include <algorithm>
#include <array>

#include "analysis/chain/graph.h"
#include "analysis/chain/prospects.h"
#include "analysis/chain/standing.h"

namespace indoubt::markov {
namespace {

constexpr std::string_view kEverBlocked = "ever_blocked";

/// What is said of the end of a transaction only.
bool of_ends(std::string_view name) {
  constexpr std::array kOfEnds = {"blocked_at_end", "violation.termination", "abandoned",
                                  "blocked"};
  return std::find(kOfEnds.begin(), kOfEnds.end(), name) != kOfEnds.end();
}

/// The graph as branches: edges that have a probability, instants that come, and nothing beyond the
/// worlds in which a transaction ends.
class Walk {
 public:
  Walk(const Graph& graph, const Weights& weights, const Prospects& prospects)
      : graph_(graph), weights_(weights), prospects_(prospects), seen_(graph.size()) {
    reach(0, 0, 0);
    for (std::size_t i = 0; i < order_.size(); ++i) {
      const std::uint32_t from = order_[i];
      each_next(from, [&](std::uint32_t to) {
        ++moves_;
        reach(to, from, seen_[from].depth + 1);
      });
    }
  }

  template <class F>
  void each_next(std::uint32_t i, const F& f) const {
    if (prospects_.retired[i]) return;
    for (const Graph::Edge* e = graph_.edges_begin(i); e != graph_.edges_end(i); ++e)
      if (weights_.value(e->weight) > 0) f(e->target);
    if (graph_.node(i).switch_at != 0) f(graph_.node(i).switch_to);
  }
  /// Worlds, nearest first.
  const std::vector<std::uint32_t>& order() const { return order_; }
  int depth(std::uint32_t i) const { return seen_[i].depth; }
  std::uint32_t before(std::uint32_t i) const { return seen_[i].from; }
  std::uint64_t moves() const { return moves_; }

 private:
  struct Seen {
    int depth = -1;
    std::uint32_t from = 0;
  };
  void reach(std::uint32_t to, std::uint32_t from, int depth) {
    if (seen_[to].depth >= 0) return;
    seen_[to] = {depth, from};
    order_.push_back(to);
  }

  const Graph& graph_;
  const Weights& weights_;
  const Prospects& prospects_;
  std::vector<Seen> seen_;
  std::vector<std::uint32_t> order_;
  std::uint64_t moves_ = 0;
};

/// Whether somebody is blocked in a world, and its marks.
struct Found {
  Marks marks = 0;
  bool blocked = false;
};

class Asking {
 public:
  Asking(Graph& graph, const Weights& weights, Chain& names)
      : graph_(graph),
        prospects_(prospects_of(graph)),
        walk_(graph, weights, prospects_),
        names_(names),
        judge_(graph, names) {
    found_.resize(graph.size());
    for (const std::uint32_t i : walk_.order())
      if (i != 0) found_[i] = judged(i);
  }

  const Walk& walk() const { return walk_; }

  /// Nothing if the name means nothing here.
  std::optional<BranchAnswer> answer(const AskedProperty& asked) {
    const std::optional<Marks> mark = names_.find_mark(asked.name);
    const bool ever_blocked = asked.name == kEverBlocked;
    if (!mark && !ever_blocked) return std::nullopt;
    std::vector<bool> met(graph_.size());
    for (const std::uint32_t i : walk_.order())
      met[i] = i != 0 && (ever_blocked ? found_[i].blocked : (found_[i].marks & *mark) != 0);
    if (of_ends(asked.name)) met = at_ends(met);
    if (asked.form == PropertyForm::always) met.flip();
    if (asked.form == PropertyForm::eventually) met = cannot_come_to(met);
    return told(asked, met);
  }

 private:
  Found judged(std::uint32_t i) {
    const bool ends = prospects_.ends(graph_, i);
    const bool may_block = ends || prospects_.failed[i];
    const Judged judged = judge_.judge(i, may_block ? prospects_.can[i] : ~std::uint64_t{0}, ends,
                                       prospects_.retired[i]);
    return {judged.marks, judged.blocked != 0};
  }

  /// Where it holds and the transaction ends, or holds for ever in one that does not.
  std::vector<bool> at_ends(const std::vector<bool>& holds) const {
    std::vector<bool> otherwise(graph_.size());
    for (const std::uint32_t i : walk_.order())
      otherwise[i] = !holds[i] || prospects_.ends(graph_, i);
    std::vector<bool> met = cannot_come_to(otherwise);
    for (const std::uint32_t i : walk_.order())
      met[i] = met[i] || (holds[i] && prospects_.ends(graph_, i));
    return met;
  }

  std::vector<bool> cannot_come_to(const std::vector<bool>& goal) const {
    std::vector<bool> can = goal;
    const auto& order = walk_.order();
    for (bool more = true; more;) {
      more = false;
      for (auto i = order.rbegin(); i != order.rend(); ++i) {
        if (can[*i]) continue;
        bool next = false;
        walk_.each_next(*i, [&](std::uint32_t to) { next = next || can[to]; });
        if (next) more = can[*i] = true;
      }
    }
    can.flip();
    return can;
  }

  BranchAnswer told(const AskedProperty& asked, const std::vector<bool>& met) {
    BranchAnswer a;
    a.asked = asked;
    for (const std::uint32_t i : walk_.order()) {
      if (i == 0 || !met[i]) continue;
      if (!a.met) a.way = way_to(i);
      if (!a.met) a.depth = walk_.depth(i);
      a.met = true;
      ++a.worlds;
    }
    return a;
  }

  std::vector<BranchMove> way_to(std::uint32_t i) {
    std::vector<std::uint32_t> worlds{i};
    while (worlds.back() != 0) worlds.push_back(walk_.before(worlds.back()));
    std::reverse(worlds.begin(), worlds.end());
    std::vector<BranchMove> way;
    std::int64_t at = 0;
    for (std::size_t k = 0; k + 1 < worlds.size(); ++k) {
      Graph::Move step = graph_.move_between(worlds[k], worlds[k + 1]);
      BranchMove move;
      move.item = step.item;
      move.before = k == 0 ? World{} : way.back().after;
      move.after = std::move(step.next);
      move.sent = step.earned.messages[0] + step.earned.messages[1];
      if (graph_.plan().clocks() == Clocks::constant)
        at += graph_.node(worlds[k]).elapsed;
      else
        at = move.after.clock == World::kUnknown || graph_.plan().clocks() != Clocks::mixed
                 ? BranchMove::kRandom
                 : move.after.clock;
      move.at = at;
      way.push_back(std::move(move));
    }
    return way;
  }

  Graph& graph_;
  const Prospects prospects_;
  const Walk walk_;
  Chain& names_;
  Judge judge_;
  std::vector<Found> found_;
};

}  // namespace

std::variant<Branches, Refusals> branches_of(const Scenario& scenario, const Machine& machine,
                                             std::span<const AskedProperty> asked,
                                             std::size_t most_worlds) {
  Chain names;
  const std::optional<Refusals> beforehand = not_describable(scenario, machine);
  if (beforehand) return *beforehand;
  const Plan plan(scenario, machine, {}, names.weights());
  if (!plan.problems().empty()) return Refusals{Refusals::Cause::undescribed, plan.problems()};
  Graph graph(plan, names.weights(), {most_worlds, false});
  if (graph.refused()) return refusals_of(graph);
  Asking asking(graph, names.weights(), names);
  Branches out;
  out.worlds = asking.walk().order().size() - 1;
  out.moves = asking.walk().moves();
  for (const std::uint32_t i : asking.walk().order())
    out.depth = std::max(out.depth, asking.walk().depth(i));
  for (ProcessId p = 0; p < machine.processes; ++p) out.site.push_back(plan.network().site_of(p));
  for (const AskedProperty& a : asked) {
    std::optional<BranchAnswer> answer = asking.answer(a);
    if (!answer)
      return Refusals{Refusals::Cause::undescribed,
                      {"'" + a.name + "' is no predicate that an exploration can ask"}};
    out.answers.push_back(std::move(*answer));
  }
  return out;
}

}  // namespace indoubt::markov
