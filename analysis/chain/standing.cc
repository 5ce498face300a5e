#include "analysis/chain/standing.h"

#include <algorithm>
#include <string_view>

#include "sim/measures/measure.h"

namespace indoubt::markov {
namespace {

bool is_violation(std::string_view name) { return name.substr(0, 10) == "violation."; }

/// The coordinator's cause, unless it was told the decision; then that of who decided first. Where
/// nobody but NO voters decided, their votes are the cause.
AbortCause cause_of(const World& w, Outcome coordinator) {
  if (coordinator == Outcome::abort && w.cause != AbortCause::other) return w.cause;
  if (w.first == 0) return AbortCause::no_vote;
  return w.first == World::kCommitFirst ? AbortCause::other : static_cast<AbortCause>(w.first - 1);
}

}  // namespace

Judge::Judge(const Graph& graph, Chain& chain) : graph_(graph), machine_(graph.plan().machine()) {
  for (const BuiltIn& b : built_in_predicates())
    if (!is_violation(b.name)) built_in_.emplace_back(chain.add_mark(std::string(b.name)), &b);
  for (std::size_t c = 0; c < kAbortCauses; ++c)
    cause_[c] = chain.add_mark("abort." + std::string(name(static_cast<AbortCause>(c))));
  agreement_ = chain.add_mark("violation.agreement");
  stability_ = chain.add_mark("violation.stability");
  validity_ = chain.add_mark("violation.validity");
  nontriviality_ = chain.add_mark("violation.nontriviality");
  termination_ = chain.add_mark("violation.termination");
  blocked_ = chain.add_mark("blocked");
  abandoned_ = chain.add_mark("abandoned");
  crashed_ = chain.add_mark("crashed");
  decided_ = chain.add_mark(kDecided);
  completed_ = chain.add_mark(kCompleted);
  for (std::size_t k = 1; k < doubts_.size(); ++k)
    doubts_[k] = chain.add_mark(kDoubts + std::to_string(k));
  doubted_ = chain.add_mark(kDoubted);
  doubted_down_ = chain.add_mark(kDoubtedDown);
  for (const NamedPredicate& own : graph.plan().scenario().predicates)
    own_.emplace_back(chain.add_mark(own.name), &own.predicate);
}

/// The decision that a process knows. Its state says so too where a force holds it up; one that
/// decided alone has learnt only what its state says.
Outcome Judge::learnt(const ProcessState& p) const {
  if (!p.alone && (!p.learnt || p.decided != Outcome::none)) return p.decided;
  return machine_.outcome(p.state.data());
}

void Judge::fill(const World& w, std::uint64_t can) {
  processes_.resize(w.processes.size());
  for (std::size_t i = 0; i < w.processes.size(); ++i) {
    const ProcessState& p = w.processes[i];
    ProcessFacts& f = processes_[i];
    f.decision = p.decided;
    f.reversed = p.reversed;
    f.learnt = learnt(p);
    f.voted = p.voted;
    f.up = w.sites[graph_.plan().network().site_of(static_cast<ProcessId>(i))].up;
    f.in_doubt = p.in_doubt;
    f.blocked = f.up && p.in_doubt && (can >> i & 1) == 0;
    f.state = f.up ? machine_.state_name(p.state.data()) : std::string_view();
  }
}

Marks Judge::marks_of_facts(const Standing& s) const {
  Marks marks = 0;
  for (const auto& [mark, predicate] : built_in_)
    if (predicate->holds(s)) marks |= mark;
  return marks;
}

/// AC5: some process does not decide any more, although nothing stays down or cut.
bool Judge::never_decides(const World& w) const {
  if (!graph_.plan().network().dead_links().empty()) return false;
  for (std::size_t r = 0; r < w.struck.size(); ++r) {
    const Plan::Rule& rule = graph_.plan().rules()[r];
    if (w.struck[r] != 0 && rule.cuts() && !rule.lasts) return false;
  }
  for (std::size_t i = 0; i < w.sites.size(); ++i) {
    const bool restarts = std::any_of(w.items.begin(), w.items.end(), [&](const Item& item) {
      return item.kind == Item::Kind::repair && item.to == i;
    });
    if (!w.sites[i].up && !restarts) return false;
  }
  for (ProcessId p = 0; p <= machine_.group.participants; ++p) {
    const ProcessState& me = w.processes[p];
    if (me.decided == Outcome::none && me.voted != Voted::read && machine_.traits.decides(p))
      return true;
  }
  return false;
}

Judged Judge::judge(std::uint32_t world, std::uint64_t can, bool ends, bool retired) {
  const World w = graph_.world(world);
  fill(w, can);
  Facts facts;
  facts.processes = processes_;
  facts.participants = static_cast<std::uint16_t>(machine_.group.participants);
  facts.record = w.recorded;
  facts.readers_leave = machine_.takes_read_only;
  const Standing s = standing_of(facts);
  Judged out;
  out.marks = marks_of_facts(s);
  out.in_doubt = static_cast<int>(s.in_doubt);
  out.blocked = static_cast<int>(s.blocked);
  for (const ProcessFacts& f : facts.all_participants()) out.down_in_doubt += f.in_doubt && !f.up;
  for (const auto& [mark, predicate] : own_)
    if (predicate->holds(facts)) out.marks |= mark;
  const auto mark = [&](Marks m, bool holds) { out.marks |= holds ? m : 0; };
  const Outcome outcome = outcome_of(s);
  if (outcome == Outcome::abort)
    out.marks |= cause_[static_cast<std::size_t>(cause_of(w, s.coordinator))];
  mark(blocked_, outcome == Outcome::none && s.in_doubt != 0);
  mark(abandoned_, outcome == Outcome::none && s.in_doubt == 0);
  mark(agreement_, (w.violated & 1) != 0);
  mark(stability_, (w.violated & 2) != 0);
  mark(validity_, (w.violated & 4) != 0);
  mark(nontriviality_,
       ends && !retired && !(w.lost || w.fired || w.crashed) && violates_nontriviality(s));
  mark(termination_, never_decides(w));
  mark(crashed_, w.crashed);
  mark(decided_, s.coordinator != Outcome::none);
  mark(completed_, s.committed + s.aborted == s.participants);
  int doubts = 0;
  for (const ProcessState& p : w.processes) doubts += p.doubts;
  mark(doubted_, doubts != 0);
  mark(doubted_down_, out.down_in_doubt != 0);
  if (ends && doubts > 0)
    out.marks |= doubts_[static_cast<std::size_t>(std::min(doubts, kMostDoubts))];
  return out;
}

}  // namespace indoubt::markov
