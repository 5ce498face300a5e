#include "analysis/explore/explorer.h"

#include <algorithm>

#include "analysis/explore/exploring.h"
#include "analysis/explore/reduction.h"

namespace indoubt {
namespace {

/// What the search may leave out; nothing if the budget or the size of local behaviour says so, or
/// half of the time is over: the rest is for the search, which is then without it. What that takes
/// is taken off `options.bounds.seconds`.
std::optional<Reduction> reduced(const Machine& machine, const ExploreSetup& setup,
                                 const PropertyPlan& plan, ExplorerOptions& options) {
  constexpr std::uint64_t kMostOfClosure = std::uint64_t{48} << 20;
  if (!setup.budget.reduction) return std::nullopt;
  const Elapsed elapsed;
  SearchClock clock(options.bounds.seconds / 2, options.progress);
  std::optional<Reduction> found =
      reduction_of(machine, setup, std::min(kMostOfClosure, options.bounds.memory_bytes / 16),
                   clock, plan.asks_beyond_decisions);
  options.bounds.seconds = elapsed.left_of(options.bounds.seconds);
  return found;
}

/// AC4 in one kind of worlds without faults: is there one in which all have voted YES and not
/// commit is decided, and can all votes in favour come to a commit?
struct Nontriviality {
  bool possible = false;  ///< such worlds can be made of the scenario
  Answer refused, comes_to_commit;
  Stop stop = Stop::wider;
};

Nontriviality nontriviality_of(const Scenario& scenario, const Exploration& calm,
                               const Machine& machine, ExplorerOptions& options) {
  Nontriviality found;
  const AskedProperty refused{PropertyForm::never, "violation.nontriviality"};
  std::vector<std::string> problems;
  const ExploreSetup setup = explore_setup(scenario, calm, machine, problems, options.rounds);
  found.refused.complete = found.comes_to_commit.complete = false;
  if (!problems.empty()) return found;
  found.possible = true;
  PropertyPlan plan;
  plan.asked = {refused, refused};
  plan.items = {{PropertyPlan::Kind::mark, mark::kFirstPredicate},
                {PropertyPlan::Kind::come_to, mark::kCommitted, mark::kFavour}};
  plan.predicates = {[](const Facts&, const Standing& s) {
    return s.yes == s.participants && (s.aborted != 0 || s.coordinator == Outcome::abort);
  }};
  const Elapsed elapsed;
  ExplorerOptions searching = options;
  const std::optional<Reduction> reduction = reduced(machine, setup, plan, searching);
  Behaviour behaviour(machine, setup, reduction ? &*reduction : nullptr);
  ProtocolWorlds worlds(behaviour);
  with_width(worlds, plan, searching, [&](auto& exploring, const SearchResult&, int) {
    std::vector<Answer> answers = exploring.answers();
    found.refused = std::move(answers[0]);
    found.comes_to_commit = std::move(answers[1]);
    found.stop = exploring.stop();
  });
  options.bounds.seconds = elapsed.left_of(options.bounds.seconds);
  return found;
}

/// A protocol that needs time-outs to decide is asked at the scenario's own times, if these are
/// constant: everything arrives when it always does. Whether a time-out that ends it all was too
/// short for what it waits for is not told from one that was long enough, so nothing is said then.
void answer_with_timeouts(const Scenario& scenario, Exploration calm, const Exploration& budget,
                          const Machine& machine, ExplorerOptions options, Answer& a) {
  a.is_void = true;
  a.note = "needs time-outs to decide, and without them nothing can be said";
  calm.timing = Timing::timed;
  calm.timeouts = budget.timeouts;
  const Nontriviality timed = nontriviality_of(scenario, calm, machine, options);
  if (!timed.possible || timed.stop != Stop::complete || timed.refused.met ||
      !timed.refused.complete || !timed.comes_to_commit.complete || timed.comes_to_commit.met)
    return;
  a.is_void = false;
  a.note = "needs time-outs to decide: at the scenario's own times";
}

/// AC4: without faults and time-outs, if all vote YES, commit is decided. The bound that leaves it
/// incomplete, if any.
Stop answer_nontriviality(const Scenario& scenario, const Exploration& budget,
                          const Machine& machine, ExplorerOptions options, Answer& a) {
  Exploration calm = budget;
  calm.crashes = calm.losses = calm.duplications = calm.partitions = calm.timeouts = 0;
  calm.timing = Timing::asynchronous;
  calm.partial_order = false;
  Nontriviality found = nontriviality_of(scenario, calm, machine, options);
  a.complete = found.refused.complete && found.comes_to_commit.complete;
  a.met = found.refused.met;
  a.depth = found.refused.depth;
  a.worlds = found.refused.worlds;
  a.trace = std::move(found.refused.trace);
  a.holds_within_rounds =
      !a.complete && found.refused.holds_within_rounds && found.comes_to_commit.holds_within_rounds;
  if (!a.met && found.comes_to_commit.met)
    answer_with_timeouts(scenario, calm, budget, machine, options, a);
  return found.stop;
}

std::string how_to_reduce(Stop stop, const ExploreReport& report) {
  const std::string less =
      "; lower the budget of faults (explore: crashes, losses, partitions, timeouts), take fewer "
      "participants, or raise the bound";
  switch (stop) {
    case Stop::states: return "the bound on states was hit" + less;
    case Stop::memory: return "the bound on memory was hit" + less;
    case Stop::time: return "the bound on time was hit" + less;
    case Stop::depth: return "the bound on moves was hit" + less;
    case Stop::interrupted: return "interrupted";
    case Stop::limit: return "a limit was hit: " + report.search.reason;
    case Stop::wider: return "a world needs more than four words of 64 bits" + less;
    case Stop::complete:
    case Stop::violation: break;
  }
  if (report.rounds_cut && !report.setup.budget.rounds)
    return "ballots or elections above " + std::to_string(report.setup.rounds) +
           " were not followed; say explore: {rounds: N} to make that part of the question";
  return "";
}

/// One of each sort of participants: who is like whom, apart from the name.
void distinguish(ExploreSetup& setup, const Machine& machine, const Exploration& budget) {
  ExploreSetup plain = setup;
  plain.budget = budget;
  const Behaviour groups(machine, plain);
  std::vector<bool> seen(machine.processes);
  for (const std::vector<ProcessId>& group : groups.groups()) {
    setup.distinguished.push_back(group.front());
    for (const ProcessId p : group) {
      seen[p] = true;
      if (p != group.front()) setup.alike.emplace_back(group.front(), p);
    }
  }
  for (ProcessId p = 1; p <= machine.group.participants; ++p)
    if (!seen[p]) setup.distinguished.push_back(p);
}

std::vector<AskedProperty> asked_in(const Exploration& budget) {
  return budget.properties.empty() ? standard_properties() : budget.properties;
}

ExploreReport explored(const Scenario& scenario, const Exploration& budget, const Machine& machine,
                       std::span<const NamedPredicate> predicates, const ExplorerOptions& options) {
  const Elapsed elapsed;
  ExploreReport report;
  const PropertyPlan plan = plan_of(asked_in(budget), predicates);
  report.setup = explore_setup(scenario, budget, machine, report.problems, options.rounds);
  report.problems.insert(report.problems.end(), plan.problems.begin(), plan.problems.end());
  if (!report.problems.empty()) return report;
  // It may name one of those who are alike.
  if (plan.asks_own) report.setup.budget.symmetry = false;
  if (plan.asks_for_blocked()) distinguish(report.setup, machine, budget);
  ExplorerOptions searching = options;
  const std::optional<Reduction> reduction = reduced(machine, report.setup, plan, searching);
  report.partial_order = reduction && reduction->independence;
  Behaviour behaviour(machine, report.setup, reduction ? &*reduction : nullptr);
  ProtocolWorlds worlds(behaviour);
  Stop stop = Stop::wider;
  with_width(worlds, plan, searching, [&](auto& exploring, const SearchResult& result, int words) {
    report.search = result;
    report.words = words;
    report.rounds_cut = behaviour.rounds_cut();
    report.answers = exploring.answers();
    stop = exploring.stop();
  });
  report.bits = worlds.bits();
  report.handler_runs = behaviour.handler_runs() + (reduction ? reduction->handler_runs : 0);
  ExplorerOptions calm = options;  // a search without faults, for which little time is enough
  calm.bounds.seconds = std::max(options.bounds.seconds - elapsed(), options.bounds.seconds / 10);
  Stop calm_stop = Stop::complete;
  for (std::size_t i = 0; i < plan.items.size() && i < report.answers.size(); ++i)
    if (plan.items[i].kind == PropertyPlan::Kind::nontriviality)
      calm_stop = answer_nontriviality(scenario, budget, machine, calm, report.answers[i]);
  report.incomplete = how_to_reduce(incomplete(stop) ? stop : calm_stop, report);
  report.seconds = elapsed();
  return report;
}

/// What was met where worlds were left out is looked for in all of them: a nearer one may be among
/// those that were.
void take_nearest(ExploreReport& report, const ExploreReport& whole) {
  for (Answer& a : report.answers)
    for (const Answer& all : whole.answers) {
      if (all.name != a.name || all.form != a.form) continue;
      if (all.met) {
        a.met = true;
        a.depth = all.depth;
        a.trace = all.trace;
        a.note = all.note;
      } else if (a.met) {
        a.note += a.note.empty() ? "" : "; ";
        a.note += "there may be a shorter way: to look for it takes more than the bounds allow";
      } else {
        a.complete = all.complete;
      }
    }
}

/// What is asked once more without a partial-order reduction, and how deep that must look. A
/// decision stays, unless AC1 or AC2 is violated: then all is asked again.
std::vector<AskedProperty> asked_again(const ExploreReport& report, const PropertyPlan& plan,
                                       Bounds& bounds) {
  const auto& marks = report.search.marks;
  const bool undone = marks[mark::kAgreement].depth >= 0 || marks[mark::kStability].depth >= 0;
  std::vector<AskedProperty> again;
  int depth = 0;
  for (std::size_t i = 0; i < report.answers.size(); ++i) {
    if (!undone && !report.answers[i].met) continue;
    again.push_back(plan.asked[i]);
    const bool one_world = plan.items[i].kind == PropertyPlan::Kind::mark && !undone;
    depth = std::max(depth, one_world ? report.answers[i].depth : bounds.depth);
  }
  bounds.depth = std::min(bounds.depth, depth);
  return again;
}

}  // namespace

ExploreReport explore(const Scenario& scenario, const Exploration& budget, const Machine& machine,
                      std::span<const NamedPredicate> predicates, const ExplorerOptions& options) {
  ExploreReport report = explored(scenario, budget, machine, predicates, options);
  if (!report.partial_order) return report;
  Exploration whole = report.setup.budget;
  ExplorerOptions again = options;
  whole.partial_order = false;
  whole.properties = asked_again(report, plan_of(asked_in(budget), predicates), again.bounds);
  if (whole.properties.empty()) return report;
  again.bounds.seconds = std::max(options.bounds.seconds - report.seconds, 0.0);
  take_nearest(report, explored(scenario, whole, machine, predicates, again));
  return report;
}

}  // namespace indoubt
