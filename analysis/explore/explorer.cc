#include "analysis/explore/explorer.h"

#include <algorithm>
#include <chrono>
#include <type_traits>

#include "analysis/explore/come_to.h"
#include "analysis/explore/properties.h"
#include "analysis/explore/protocol_model.h"
#include "analysis/explore/reduction.h"
#include "analysis/explore/search.h"
#include "analysis/explore/trace_builder.h"

namespace indoubt {
namespace {

/// Three quarters of the memory are for worlds, one is for the tables of local behaviour.
Bounds for_worlds(Bounds bounds) {
  bounds.memory_bytes -= bounds.memory_bytes / 4;
  return bounds;
}

/// One exploration at one width of worlds.
template <int kWords>
class Exploring {
 public:
  using Model = ProtocolModel<kWords>;

  Exploring(ProtocolWorlds& worlds, const PropertyPlan& plan, const ExplorerOptions& options)
      : worlds_(worlds),
        b_(worlds.behaviour()),
        plan_(plan),
        options_(options),
        model_(worlds),
        search_(model_, for_worlds(options.bounds)) {
    model_.judge(plan.predicates);
    model_.bound_tables(options.bounds.memory_bytes / 4);
  }

  SearchResult run() {
    Goals goals;
    for (const PropertyPlan::Item& i : plan_.items)
      if (i.kind == PropertyPlan::Kind::mark) goals.violations |= std::uint32_t{1} << i.mark;
    goals.stop_at_violation = options_.stop_at_violation;
    goals.keep_levels = plan_.needs_levels();
    result_ = search_.run(goals, options_.progress);
    if (result_.stop != Stop::memory || !goals.keep_levels) return result_;
    goals.keep_levels = kept_ = false;  // what needs them stays incomplete; the rest may fit
    result_ = search_.run(goals, options_.progress);
    return result_;
  }

  /// The bound that leaves answers incomplete, if any; after answers().
  Stop stop() const { return stop_; }

  std::vector<Answer> answers() {
    ask_what_worlds_come_to();
    std::vector<Answer> all;
    for (std::size_t i = 0; i < plan_.items.size(); ++i) all.push_back(answer(i));
    return all;
  }

 private:
  using World = typename Model::World;

  Answer answer(std::size_t i) {
    Answer a;
    a.name = plan_.asked[i].name;
    a.form = plan_.asked[i].form;
    const PropertyPlan::Item& item = plan_.items[i];
    switch (item.kind) {
      case PropertyPlan::Kind::mark: answer_mark(item.mark, a); break;
      case PropertyPlan::Kind::come_to: answer_come_to(i, a); break;
      case PropertyPlan::Kind::blocked: answer_blocked(i, a); break;
      case PropertyPlan::Kind::nontriviality: break;  // asked apart
    }
    return a;
  }

  bool all_seen() const { return result_.stop == Stop::complete && !cut_short(); }
  bool cut_short() const { return b_.rounds_cut() && !b_.setup().budget.rounds.has_value(); }

  void answer_mark(int mark, Answer& a) {
    const MarkCount& count = result_.marks[static_cast<std::size_t>(mark)];
    a.met = count.depth >= 0;
    a.depth = count.depth;
    a.worlds = count.worlds;
    a.complete = all_seen();
    a.holds_within_rounds = !a.met && result_.stop == Stop::complete;
    if (a.met && options_.traces) add_trace(search_.path_to(mark), a);
  }

  /// All questions about what worlds can still come to are asked together: each generates the
  /// worlds' successors again.
  void ask_what_worlds_come_to() {
    stop_ = kept_ || result_.stop != Stop::complete ? result_.stop : Stop::memory;
    if (!kept_ || result_.stop != Stop::complete) return;
    std::vector<ComeTo> questions;
    for (const PropertyPlan::Item& item : plan_.items) {
      first_.push_back(questions.size());
      add_questions(item, questions);
    }
    for (auto begin = questions.begin(); begin != questions.end();) {
      const auto end = begin + std::min<std::ptrdiff_t>(64, questions.end() - begin);
      const ComeToQuestions<Model> some(model_, {begin, end});
      for (Stranded<World>& found : search_.stranded(some)) {
        if (stop_ == Stop::complete) stop_ = found.stop;
        stranded_.push_back(std::move(found));
      }
      begin = end;
    }
  }

  void add_questions(const PropertyPlan::Item& item, std::vector<ComeTo>& questions) const {
    if (item.kind == PropertyPlan::Kind::come_to)
      questions.push_back(ComeTo::of_marks(item.from, item.mark));
    if (item.kind == PropertyPlan::Kind::blocked)
      for (const ProcessId p : b_.setup().distinguished)
        questions.push_back(ComeTo::of_participant(
            p, item.until_repair ? Ways::without_repair : Ways::with_repair));
  }

  void answer_come_to(std::size_t i, Answer& a) {
    a.complete = !first_.empty();
    if (!a.complete) return;
    take(std::move(stranded_[first_[i]]), a);
    leave_to_later_rounds(a);
  }

  void answer_blocked(std::size_t i, Answer& a) {
    a.complete = !first_.empty();
    if (!a.complete) return;
    for (std::size_t k = 0; k < b_.setup().distinguished.size(); ++k) {
      const ProcessId p = b_.setup().distinguished[k];
      Answer one;
      take(std::move(stranded_[first_[i] + k]), one);
      a.complete = a.complete && one.complete;
      if (!one.met) continue;
      for (const ProcessId like : alike(p)) a.blocked.push_back(like);
      a.worlds += one.worlds;
      if (a.met && a.depth <= one.depth) continue;
      a.met = true;
      a.depth = one.depth;
      a.trace = std::move(one.trace);
    }
    leave_to_later_rounds(a);
  }

  /// Where rounds are cut, what lies behind them might have led on.
  void leave_to_later_rounds(Answer& a) const {
    a.holds_within_rounds = a.complete && !a.met;
    if (!cut_short()) return;
    a.met = a.complete = false;
    a.depth = -1;
    a.trace.reset();
  }

  /// Who is exactly like p, p included.
  std::vector<ProcessId> alike(ProcessId p) const {
    std::vector<ProcessId> all{p};
    for (const auto& [representative, other] : b_.setup().alike)
      if (representative == p) all.push_back(other);
    return all;
  }

  void take(Stranded<World>&& found, Answer& a) {
    a.complete = a.complete && found.stop == Stop::complete;
    a.met = found.worlds != 0;
    a.worlds = found.worlds;
    a.depth = found.depth;
    if (a.met && options_.traces) add_trace(found.path, a);
  }

  void add_trace(const Path<World>& path, Answer& a) {
    if (path.stop != Stop::complete) {
      const bool wide = path.stop == Stop::wider || path.stop == Stop::limit;
      a.note = "its way is not shown, which would need more ";
      a.note += wide ? "bits for each world" : name_of(path.stop);
      return;
    }
    a.trace = TraceBuilder(worlds_.behaviour()).build(path, worlds_);
    if (!a.trace) a.note = "its way could not be told";
  }

  ProtocolWorlds& worlds_;
  const Behaviour& b_;
  const PropertyPlan& plan_;
  const ExplorerOptions& options_;
  Model model_;
  Search<Model> search_;
  SearchResult result_;
  bool kept_ = true;
  Stop stop_ = Stop::complete;
  std::vector<Stranded<World>> stranded_;  ///< what worlds come to, of all items
  std::vector<std::size_t> first_;         ///< of each item's; empty: not known
};

/// Searches with worlds as wide as they need be, and calls f with the exploration that fitted.
template <class F>
void with_width(ProtocolWorlds& worlds, const PropertyPlan& plan, const ExplorerOptions& options,
                F&& f) {
  const auto attempt = [&]<int kWords>(std::integral_constant<int, kWords>) {
    if (worlds.layout(kWords) != kWords) return false;
    Exploring<kWords> exploring(worlds, plan, options);
    const SearchResult result = exploring.run();
    if (result.stop == Stop::wider) return false;
    f(exploring, result, kWords);
    return true;
  };
  attempt(std::integral_constant<int, 1>{}) || attempt(std::integral_constant<int, 2>{}) ||
      attempt(std::integral_constant<int, 4>{});
}

/// What the search may leave out; nothing if the budget or the size of local behaviour says so.
std::optional<Reduction> reduced(const Machine& machine, const ExploreSetup& setup,
                                 const PropertyPlan& plan, const ExplorerOptions& options) {
  constexpr std::uint64_t kMostOfClosure = std::uint64_t{48} << 20;
  if (!setup.budget.reduction) return std::nullopt;
  return reduction_of(machine, setup, std::min(kMostOfClosure, options.bounds.memory_bytes / 16),
                      plan.asks_beyond_decisions);
}

/// AC4: without faults and time-outs, if all vote YES, commit is decided.
void answer_nontriviality(const Scenario& scenario, const Exploration& budget,
                          const Machine& machine, const ExplorerOptions& options, Answer& a) {
  Exploration calm = budget;
  calm.crashes = calm.losses = calm.duplications = calm.partitions = calm.timeouts = 0;
  calm.timing = Timing::asynchronous;
  calm.partial_order = false;
  const AskedProperty refused{PropertyForm::never, "violation.nontriviality"};
  std::vector<std::string> problems;
  const ExploreSetup setup = explore_setup(scenario, calm, machine, problems, options.rounds);
  PropertyPlan plan;
  plan.asked = {refused, refused};
  plan.items = {{PropertyPlan::Kind::mark, mark::kFirstPredicate},
                {PropertyPlan::Kind::come_to, mark::kCommitted, mark::kFavour}};
  plan.predicates = {[](const Facts&, const Standing& s) {
    return s.yes == s.participants && (s.aborted != 0 || s.coordinator == Outcome::abort);
  }};
  const std::optional<Reduction> reduction = reduced(machine, setup, plan, options);
  Behaviour behaviour(machine, setup, reduction ? &*reduction : nullptr);
  ProtocolWorlds worlds(behaviour);
  with_width(worlds, plan, options, [&](auto& exploring, const SearchResult& result, int) {
    std::vector<Answer> found = exploring.answers();
    a.complete = result.stop == Stop::complete && found[1].complete;
    a.met = found[0].met;
    a.depth = found[0].depth;
    a.worlds = found[0].worlds;
    a.trace = std::move(found[0].trace);
    if (a.met || !found[1].met) return;
    a.is_void = true;
    a.note = "needs time-outs to decide, and without them nothing can be said";
  });
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
  const auto begun = std::chrono::steady_clock::now();
  const auto elapsed = [&] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  };
  ExploreReport report;
  const PropertyPlan plan = plan_of(asked_in(budget), predicates);
  report.setup = explore_setup(scenario, budget, machine, report.problems, options.rounds);
  report.problems.insert(report.problems.end(), plan.problems.begin(), plan.problems.end());
  if (!report.problems.empty()) return report;
  // It may name one of those who are alike.
  if (plan.asks_own) report.setup.budget.symmetry = false;
  if (plan.asks_for_blocked()) distinguish(report.setup, machine, budget);
  const std::optional<Reduction> reduction = reduced(machine, report.setup, plan, options);
  report.partial_order = reduction && reduction->independence;
  Behaviour behaviour(machine, report.setup, reduction ? &*reduction : nullptr);
  ProtocolWorlds worlds(behaviour);
  Stop stop = Stop::wider;
  with_width(worlds, plan, options, [&](auto& exploring, const SearchResult& result, int words) {
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
  for (std::size_t i = 0; i < plan.items.size() && i < report.answers.size(); ++i)
    if (plan.items[i].kind == PropertyPlan::Kind::nontriviality)
      answer_nontriviality(scenario, budget, machine, calm, report.answers[i]);
  report.incomplete = how_to_reduce(stop, report);
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
