#pragma once
// One search of one exploration, from the model of the worlds to the answers with their traces.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <type_traits>
#include <utility>
#include <vector>

#include "analysis/explore/come_to.h"
#include "analysis/explore/explorer.h"
#include "analysis/explore/properties.h"
#include "analysis/explore/protocol_model.h"
#include "analysis/explore/search.h"
#include "analysis/explore/trace_builder.h"

namespace indoubt {

/// Three quarters of the memory are for worlds, one is for the tables of local behaviour.
inline Bounds for_worlds(Bounds bounds) {
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

/// Seconds on the machine's clock since it was made.
class Elapsed {
 public:
  double operator()() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun_).count();
  }
  /// What is left of a bound; never negative.
  double left_of(double seconds) const { return std::max(seconds - (*this)(), 0.0); }

 private:
  std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
};

/// Searches with worlds as wide as they need be, and calls f(exploring, result, words) with the one
/// that fitted. All together end within options.bounds.seconds.
template <class F>
void with_width(ProtocolWorlds& worlds, const PropertyPlan& plan, const ExplorerOptions& options,
                F&& f) {
  const Elapsed elapsed;
  const auto attempt = [&]<int kWords>(std::integral_constant<int, kWords>) {
    if (worlds.layout(kWords) != kWords) return false;
    ExplorerOptions now = options;
    now.bounds.seconds = elapsed.left_of(options.bounds.seconds);
    Exploring<kWords> exploring(worlds, plan, now);
    const SearchResult result = exploring.run();
    if (result.stop == Stop::wider) return false;
    f(exploring, result, kWords);
    return true;
  };
  attempt(std::integral_constant<int, 1>{}) || attempt(std::integral_constant<int, 2>{}) ||
      attempt(std::integral_constant<int, 4>{});
}

}  // namespace indoubt
