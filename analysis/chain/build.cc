#include "analysis/chain/build.h"

#include <algorithm>

#include "analysis/chain/graph.h"
#include "analysis/chain/prospects.h"
#include "analysis/chain/standing.h"

namespace indoubt::markov {
namespace {

constexpr int kMostProcessesInChain = 64;

class Emitter {
 public:
  Emitter(const Graph& graph, const Prospects& prospects, BuiltChain& out)
      : graph_(graph), prospects_(prospects), out_(out), judge_(graph, out.chain) {
    const auto counter = [&](const char* name) { return out_.chain.add_counter(name); };
    for (const Role role : kEveryRole) {
      const bool played = has_role(graph.plan().machine(), role);
      const auto of_role = [&](const std::string& what) {  // of the others nothing is counted
        return played ? counter((what + "." + std::string(name(role))).c_str()) : CounterId{};
      };
      messages_.push_back(of_role("messages"));
      forced_.push_back(of_role("forced_writes"));
      unforced_.push_back(of_role("unforced_writes"));
    }
    asked_ = counter("asked");
    yes_ = counter("yes_votes");
    doubt_ = counter("in_doubt");
    doubt_any_ = counter("in_doubt_any");
    doubt_down_ = counter("in_doubt_down");
    blocked_ = counter("blocked");
    blocked_sum_ = counter("blocked_sum");
  }

  void emit() {
    number_.assign(graph_.size(), kNone);
    find_states();
    for (const std::uint32_t i : order_) add_state(i);
    for (const std::uint32_t i : twins_) add_twin(i);
    std::stable_sort(out_.switches.begin(), out_.switches.end(),
                     [](const Switch& a, const Switch& b) { return a.at < b.at; });
  }

 private:
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};

  void reach(std::uint32_t i) {
    if (number_[i] != kNone) return;
    number_[i] = static_cast<std::uint32_t>(order_.size());
    order_.push_back(i);
  }
  /// Nothing but an instant is to come. Such a state has a twin, and goes to and fro between the
  /// two until then: time passes in it, as it does not in an absorbing one.
  bool waits(std::uint32_t i) const { return prospects_.waits(graph_, i); }
  void find_states() {
    reach(0);
    for (std::size_t at = 0; at < order_.size(); ++at) {
      const std::uint32_t i = order_[at];
      if (waits(i)) {
        twin_.emplace(i, static_cast<StateId>(twins_.size()));
        twins_.push_back(i);
      }
      if (prospects_.retired[i]) continue;
      for (const Graph::Edge* e = graph_.edges_begin(i); e != graph_.edges_end(i); ++e)
        reach(e->target);
      if (graph_.node(i).switch_at != 0) reach(graph_.node(i).switch_to);
    }
  }
  StateId twin_of(std::uint32_t i) const {
    return static_cast<StateId>(order_.size()) + twin_.at(i);
  }
  void add_twin(std::uint32_t i) {
    const StateId s = number_[i];
    const StateId twin =
        out_.chain.add_state(Kind::exponential, out_.chain.marks(s), out_.chain.earning(s));
    out_.chain.add_transition(s, waiting_rate());
    add_switch(i, twin);
  }
  void add_switch(std::uint32_t i, StateId from) {
    const Graph::Node& node = graph_.node(i);
    out_.switches.push_back({node.switch_at, from, number_[node.switch_to]});
  }
  void add_state(std::uint32_t i) {
    const Graph::Node& node = graph_.node(i);
    const bool stays = prospects_.retired[i];
    const bool ends = prospects_.ends(graph_, i);
    Judged judged;
    const bool may_block = ends || prospects_.failed[i];
    const std::uint64_t can = may_block ? prospects_.can[i] : ~std::uint64_t{0};
    if (i != 0) judged = judge_.judge(i, can, ends, stays);
    Gains earning;
    if (judged.in_doubt != 0) earning.push_back({doubt_, judged.in_doubt});
    if (judged.in_doubt != 0) earning.push_back({doubt_any_, 1});
    if (judged.down_in_doubt != 0) earning.push_back({doubt_down_, judged.down_in_doubt});
    if (judged.blocked != 0) earning.push_back({blocked_, 1});
    if (judged.blocked != 0) earning.push_back({blocked_sum_, judged.blocked});
    // Time in doubt or blocked ends with the transaction.
    const bool step = ends || (node.step && !waits(i));
    out_.chain.add_state(step ? Kind::step : Kind::exponential, judged.marks,
                         ends ? kNoEarning : out_.chain.intern_earning(earning));
    if (stays) return;
    if (waits(i)) out_.chain.add_transition(twin_of(i), waiting_rate());
    for (const Graph::Edge* e = graph_.edges_begin(i); e != graph_.edges_end(i); ++e) {
      out_.chain.add_transition(number_[e->target], e->weight, effect_of(node, *e));
    }
    if (node.switch_at != 0) add_switch(i, number_[i]);
  }
  WeightId waiting_rate() { return out_.chain.weights().constant(Rational(1) / 1'000'000'000); }
  EffectId effect_of(const Graph::Node& node, const Graph::Edge& edge) {
    const auto [at, fresh] = effects_.emplace(std::pair{node.elapsed, edge.earned}, kNoEffect);
    if (!fresh) return at->second;
    const Earned& earned = graph_.earned(edge.earned);
    Effect effect;
    effect.elapsed = node.elapsed;
    const auto gain = [&](CounterId counter, std::int64_t amount) {
      if (amount != 0) effect.gains.push_back({counter, amount});
    };
    for (std::size_t role = 0; role < kRoles; ++role) {
      gain(messages_[role], earned.messages[role]);
      gain(forced_[role], earned.forced[role]);
      gain(unforced_[role], earned.unforced[role]);
    }
    gain(asked_, earned.asked);
    gain(yes_, earned.yes);
    return at->second = out_.chain.intern(effect);
  }

  const Graph& graph_;
  const Prospects& prospects_;
  BuiltChain& out_;
  Judge judge_;
  std::vector<CounterId> messages_, forced_, unforced_;
  CounterId asked_{}, yes_{}, doubt_{}, doubt_any_{}, doubt_down_{}, blocked_{}, blocked_sum_{};
  std::vector<std::uint32_t> number_, order_, twins_;
  std::map<std::uint32_t, StateId> twin_;  ///< of a waiting world, counted from the first twin
  std::map<std::pair<std::int64_t, std::uint32_t>, EffectId> effects_;
};

Refusals undescribed(std::string sentence) {
  return {Refusals::Cause::undescribed, {std::move(sentence)}};
}

}  // namespace

std::optional<Refusals> not_describable(const Scenario& scenario, const Machine& machine) {
  if (machine.processes > kMostProcessesInChain)
    return undescribed("a transaction of " + std::to_string(machine.processes) +
                       " processes is too large for a chain; take fewer, or use run");
  if (scenario.predicates.size() > kMostOwnPredicates)
    return undescribed("more than " + std::to_string(kMostOwnPredicates) +
                       " predicates of its own; ask fewer at once");
  return std::nullopt;
}

Refusals refusals_of(const Graph& graph) {
  return {graph.too_large() ? Refusals::Cause::too_large : Refusals::Cause::not_markov,
          {*graph.refused()}};
}

std::variant<BuiltChain, Refusals> build_chain(const Scenario& scenario, const Machine& machine,
                                               const BuildOptions& options) {
  if (const auto refusals = not_describable(scenario, machine)) return *refusals;
  BuiltChain out;
  const Plan plan(scenario, machine, {options.erlang}, out.chain.weights());
  if (!plan.problems().empty()) return Refusals{Refusals::Cause::undescribed, plan.problems()};
  if (options.until_decided && plan.can_crash(kCoordinator))
    return undescribed("the coordinator's site can fail after it has decided");
  const Graph graph(plan, out.chain.weights(), {options.most_states, options.until_decided});
  if (graph.refused()) return refusals_of(graph);
  out.clocks = plan.clocks();
  out.approximated = plan.approximated();
  out.until_decided = options.until_decided;
  out.shared_record_every = machine.traits.shared_record_every;
  out.worlds = graph.size();
  const Prospects prospects = prospects_of(graph);
  Emitter(graph, prospects, out).emit();
  out.chain.check();
  return out;
}

}  // namespace indoubt::markov
