#include "analysis/chain/graph.h"

#include <algorithm>

#include "analysis/chain/piles.h"
#include "sim/process/assert.h"

namespace indoubt::markov {

Graph::Graph(const Plan& plan, Weights& weights, const GraphOptions& options)
    : plan_(plan),
      weights_(weights),
      options_(options),
      happenings_(plan, continuations_),
      words_((plan.machine().state_size + 7u) / 8u) {
  for (const NamedPredicate& own : plan.scenario().predicates)
    asks_for_states_ = asks_for_states_ || own.predicate.asks_for(Claim::What::in_state);
  first_edges();
  explore();
  if (!refused_ && plan.clocks() == Clocks::mixed) check_floating();
}

World Graph::world(std::uint32_t i) const {
  return World::from_key(keys_[i], plan_.machine().processes, words_);
}

/// The first thing that is under way happens next, surely.
bool Graph::steps(const World& world) const {
  return world.has_due() || plan_.clocks() == Clocks::constant;
}

/// Calls f(next world, the item, weight, what is earned) for everything that can happen next, in
/// all ways in which its choices can fall. Requires that something is under way.
template <class F>
void Graph::each_move(const World& world, const F& f) {
  if (steps(world))
    take_step(world, 0, world.items[0].at, Weights::kOne, f);
  else
    race(world, f);
}

template <class F>
void Graph::each_beginning(const F& f) {
  const World blank = happenings_.blank();
  Choices choices(weights_);
  do {
    World next = blank;
    Earned earned;
    happenings_.begin(next, choices, earned);
    f(next, nullptr, choices.weight(), earned);
  } while (choices.next());
}

template <class F>
void Graph::take_step(const World& world, std::size_t item, std::int64_t elapsed, WeightId rate,
                      const F& f) {
  Choices choices(weights_);
  const Item taken = world.items[item];
  do {
    World next = world;
    next.items.erase(next.items.begin() + static_cast<std::ptrdiff_t>(item));
    for (Item& i : next.items)
      if (i.stages == 0) i.at -= elapsed;
    if (plan_.period() != 0) next.clock = (next.clock + elapsed) % plan_.period();
    Earned earned;
    happenings_.happen(next, taken, choices, earned);
    f(next, &taken, weights_.product(rate, choices.weight()), earned);
  } while (choices.next());
}

/// What is under way races; equal items are as one that is so many times as fast.
template <class F>
void Graph::race(const World& world, const F& f) {
  for (std::size_t i = 0; i < world.items.size();) {
    const Item& item = world.items[i];
    std::size_t end = i + 1;
    while (end < world.items.size() && world.items[end] == item) ++end;
    if (item.stages != 0) {
      const WeightId rate = weights_.product(weights_.constant(Rational(end - i)), item.rate);
      World begun = world;
      begun.clock = plan_.clocks() == Clocks::mixed ? World::kUnknown : 0;
      if (item.stages == 1) {
        take_step(begun, i, 0, rate, f);
      } else {
        Item rest = item;
        --rest.stages;
        begun.items.erase(begun.items.begin() + static_cast<std::ptrdiff_t>(i));
        begun.add(rest);
        f(begun, &item, rate, Earned{});
      }
    }
    i = end;
  }
}

/// World 0 stands before the beginning.
void Graph::first_edges() {
  keys_.push_back("start");
  nodes_.push_back({});
  nodes_[0].step = true;
  each_beginning([&](World& next, const Item*, WeightId weight, const Earned& earned) {
    add_edge(next, weight, earned);
  });
}

void Graph::explore() {
  for (std::uint32_t i = 1; i < nodes_.size(); ++i) {
    if (happenings_.stuck()) refused_ = plan_.not_markov(*happenings_.stuck());
    if (!refused_ && nodes_.size() > options_.most_worlds) {
      too_large_ = true;
      refused_ = too_many(std::to_string(options_.most_worlds) + " states", i);
    }
    if (refused_) return;
    expand(i);
  }
  if (happenings_.stuck()) refused_ = plan_.not_markov(*happenings_.stuck());
}

/// The bound is hit with worlds from number `open` on yet to expand. The last ones are the deepest.
std::string Graph::too_many(const std::string& what, std::uint32_t open) const {
  constexpr std::size_t kLast = 10'000;
  const std::size_t last = nodes_.size() > kLast ? nodes_.size() - kLast : 1;
  Piles piles;
  for (auto i = static_cast<std::uint32_t>(std::max<std::size_t>(open, last)); i < nodes_.size();
       ++i)
    piles.add(world(i));
  const std::string pile = piles.text(plan_);
  const bool elects = plan_.machine().round != nullptr && !plan_.rules().empty();
  return "more than " + what +
         (!pile.empty() ? ": " + pile
          : elects
              ? "; elections count up as long as a site stays down or a link cut, without end: "
                "leave those faults out or take a protocol without elections"
              : "; take fewer participants, fewer time-outs or fewer faults") +
         ", or use run";
}

/// Whether nothing that follows is of interest.
bool Graph::ends(const World& world) const {
  if (world.over()) return true;
  return options_.until_decided && world.processes[kCoordinator].decided != Outcome::none;
}

void Graph::expand(std::uint32_t number) {
  nodes_[number].first_edge = edges_.size();
  nodes_[number].unaided = number;
  merged_.clear();
  const World world = this->world(number);
  if (ends(world) || world.items.empty()) return;
  nodes_[number].step = steps(world);
  if (nodes_[number].step) nodes_[number].elapsed = world.items[0].at;
  each_move(world, [&](World& next, const Item*, WeightId weight, const Earned& earned) {
    add_edge(next, weight, earned);
  });
  if (!nodes_[number].step && world.items[0].stages == 0) schedule_switch(number, world);
  const std::uint32_t alone = unaided(world);
  nodes_[number].unaided = alone == 0 ? number : alone;
}

/// A world as it is interned.
void Graph::settle(World& world) const {
  if (plan_.clocks() == Clocks::mixed && !world.has_due()) world.clock = World::kUnknown;
  if (world.over()) reduce(world);
}

Graph::Move Graph::move_between(std::uint32_t from, std::uint32_t to) {
  Move found;
  bool met = false;
  const auto look = [&](const World& next, const Item* item, WeightId weight,
                        const Earned& earned) {
    if (met || weights_.value(weight) <= 0) return;
    World settled = next;
    settle(settled);
    met = settled.key() == keys_[to];
    if (met) found = {item == nullptr ? std::nullopt : std::optional(*item), next, earned};
  };
  if (from == 0) {
    each_beginning(look);
  } else {
    const World before = world(from);
    each_move(before, look);
  }
  // Nothing happens but that an instant comes.
  if (!met) found.next = world(to);
  return found;
}

void Graph::schedule_switch(std::uint32_t number, const World& world) {
  World then = world;
  const std::int64_t at = world.items[0].at;
  then.clock = at;
  for (Item& i : then.items)
    if (i.stages == 0 && i.at == at) i.at = 0;
  nodes_[number].switch_at = at;
  const std::uint32_t to = intern(then);
  nodes_[number].switch_to = to;
}

/// 0: the world itself will do. What has been is of no interest: fewer worlds are visited.
std::uint32_t Graph::unaided(const World& world) {
  if (!world.anyone_in_doubt() || plan_.rules().empty() || !(world.lost || world.crashed)) return 0;
  World alone = world;
  std::erase_if(alone.items, [](const Item& i) {
    return i.is_circumstance() || i.kind == Item::Kind::repair || i.kind == Item::Kind::idle ||
           i.kind == Item::Kind::verdict;
  });
  std::fill(alone.windows.begin(), alone.windows.end(), World::Window::open);
  // What is slow or stalled comes in the end; a cut stays.
  for (std::size_t r = 0; r < alone.struck.size(); ++r)
    if (!plan_.rules()[r].cuts()) alone.struck[r] = 0;
  std::fill(alone.seen.begin(), alone.seen.end(), 0);
  std::fill(alone.active.begin(), alone.active.end(), 2);
  alone.met.clear();
  alone.cause = AbortCause::other;
  alone.violated = alone.first = 0;
  alone.lost = alone.fired = alone.crashed = alone.inquired = false;
  for (ProcessState& p : alone.processes) p.doubts = p.overdue = 0;
  return intern(alone);
}

/// Once over, a world is what is asked about it.
void Graph::reduce(World& world) const {
  world.items.clear();
  std::fill(world.seen.begin(), world.seen.end(), 0);
  std::fill(world.active.begin(), world.active.end(), 0);
  world.met.clear();
  // Whether a cut stays for good is asked at the end.
  for (std::size_t r = 0; r < world.struck.size(); ++r)
    world.struck[r] = plan_.rules()[r].cuts() && world.struck[r] != 0 ? 1 : 0;
  std::fill(world.windows.begin(), world.windows.end(), World::Window::open);
  world.clock = 0;
  world.inquired = false;
  for (ProcessState& p : world.processes) {
    // Who has decided alone has learnt what its state says.
    if (!asks_for_states_ && !p.alone) std::fill(p.state.begin(), p.state.end(), 0);
    p.anew = p.working = false;
    p.durable = 0;
    p.overdue = 0;
  }
  for (SiteState& s : world.sites) {
    s.held_down = 0;
    s.holds_messages = false;
    s.open.clear();
  }
}

std::uint32_t Graph::intern(World& world) {
  settle(world);
  if (!world.fits_key()) {
    too_large_ = true;
    if (!refused_)
      refused_ = too_many("255 messages and time-outs under way at once",
                          static_cast<std::uint32_t>(nodes_.size()) - 1);
    return 0;
  }
  std::string key = world.key();
  const auto found = numbers_.find(key);
  if (found != numbers_.end()) return found->second;
  const auto number = static_cast<std::uint32_t>(nodes_.size());
  keys_.push_back(std::move(key));
  numbers_.emplace(keys_.back(), number);
  nodes_.push_back({});
  return number;
}

std::uint32_t Graph::intern(const Earned& earned) {
  const auto [at, fresh] =
      earned_numbers_.emplace(earned, static_cast<std::uint32_t>(earned_.size()));
  if (fresh) earned_.push_back(earned);
  return at->second;
}

/// Edges of one node to the same world that earn the same are one.
void Graph::add_edge(World& world, WeightId weight, const Earned& earned) {
  const std::uint32_t target = intern(world), gained = intern(earned);
  const auto [at, fresh] = merged_.emplace(std::pair{target, gained}, edges_.size());
  if (fresh) {
    edges_.push_back({target, gained, weight});
  } else {
    Edge& edge = edges_[at->second];
    edge.weight = weights_.sum(edge.weight, weight);
  }
}

}  // namespace indoubt::markov
