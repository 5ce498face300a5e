#include "analysis/explore/reduction.h"

#include <algorithm>
#include <utility>

#include "analysis/explore/classes.h"

namespace indoubt {
namespace {

using B = Behaviour;

/// Fills what is missing of situation `l` of p; true if anything was.
bool close_situation(B& b, ProcessId p, std::uint32_t l) {
  bool filled = false;
  const auto fill = [&](const B::Gap& gap) {
    b.fill(gap);
    filled = true;
  };
  if (b.spontaneous(p, l).first == B::kUnknown) fill({B::Gap::Kind::spontaneous, p, l});
  const std::uint32_t facts = b.facts(p, l);
  const bool clocked = b.setup().budget.timing != Timing::asynchronous;
  if (clocked && (facts & B::due) == 0 && b.local_ticked(p, l) == B::kUnknown)
    fill({B::Gap::Kind::local_ticked, p, l});
  // All images of a situation are filled at once, so one view tells whether they are.
  if (!b.groups().empty() && b.local_view(p, l, b.groups().front().front()) == B::kUnknown)
    fill({B::Gap::Kind::local_orbit, p, l});
  for (std::uint32_t m = 0; m < b.messages(p); ++m)
    if (b.reactions(p, l, m).first == B::kUnknown) fill({B::Gap::Kind::reaction, p, l, m});
  return filled;
}

/// False if the closure takes more than `most_bytes`, or the clock ends it.
bool close(B& b, std::uint64_t most_bytes, SearchClock& clock) {
  for (bool more = true; more;) {
    more = false;
    for (ProcessId p = 0; p < b.processes(); ++p)
      for (std::uint32_t l = 0; l < b.locals(p); ++l) {
        more |= close_situation(b, p, l);
        if (b.bytes() > most_bytes || clock.ends()) return false;
      }
  }
  return true;
}

/// By class: the messages that it, or a class that it can come to, does something on; too few if
/// the clock has ended it.
std::vector<std::vector<bool>> live_messages(const B& b, ProcessId p, const Classes& classes,
                                             SearchClock& clock) {
  std::vector<std::vector<bool>> live(classes.count(), std::vector<bool>(b.messages(p)));
  std::vector<std::pair<std::uint32_t, std::uint32_t>> steps;
  const auto add_steps = [&](std::uint32_t l, B::Range range) {
    for (const B::Rule& r : b.rules(range))
      if (!classes.inert(l, r)) steps.emplace_back(classes.of(l), classes.of(r.next));
  };
  for (std::uint32_t l = 0; l < b.locals(p); ++l) {
    add_steps(l, b.spontaneous(p, l));
    for (std::uint32_t m = 0; m < b.messages(p); ++m) {
      const B::Range range = b.reactions(p, l, m);
      add_steps(l, range);
      bool acts = range.cut;
      for (const B::Rule& r : b.rules(range)) acts = acts || !classes.inert(l, r);
      if (acts) live[classes.of(l)][m] = true;
    }
  }
  std::sort(steps.begin(), steps.end());
  steps.erase(std::unique(steps.begin(), steps.end()), steps.end());
  for (bool more = true; more && !clock.ends();) {
    more = false;
    for (const auto& [from, to] : steps)
      for (std::size_t m = 0; m < live[to].size(); ++m)
        if (live[to][m] && !live[from][m]) more = live[from][m] = true;
  }
  return live;
}

bool drops_dead(const Machine& machine, const ExploreSetup& setup) {
  const bool reports = setup.detects && machine.detects_failures;
  return setup.budget.timing == Timing::asynchronous && !reports;
}

Reduction::Site site_of(const B& b, ProcessId p, const Classes& classes, SearchClock& clock) {
  Reduction::Site site;
  for (std::uint32_t l = 0; l < b.locals(p); ++l) {
    if (classes.of(l) == site.standard.size()) site.standard.push_back(b.local(p, l));
    site.class_of.emplace(b.local(p, l).key(), classes.of(l));
  }
  for (std::uint32_t m = 0; m < b.messages(p); ++m) site.message.emplace(b.message(p, m), m);
  site.dead.emplace_back(b.messages(p));
  site.dead_row.resize(classes.count());
  if (!drops_dead(b.machine(), b.setup())) return site;
  std::map<std::vector<bool>, std::uint32_t> number{{site.dead.front(), 0}};
  const std::vector<std::vector<bool>> live = live_messages(b, p, classes, clock);
  for (std::uint32_t c = 0; c < classes.count(); ++c) {
    std::vector<bool> dead = live[c];
    dead.flip();
    const auto [at, added] = number.emplace(dead, static_cast<std::uint32_t>(site.dead.size()));
    if (added) site.dead.push_back(dead);
    site.dead_row[c] = at->second;
  }
  return site;
}

/// Whether an exchange of participants takes classes to classes and dead messages to dead ones.
bool respects(const B& b, const Reduction& reduction, ProcessId p, std::size_t swap) {
  constexpr std::uint32_t kNone = B::kUnknown;
  const ProcessId q = b.renamed(p, swap);
  const Reduction::Site &from = reduction.sites[p], &to = reduction.sites[q];
  std::vector<std::uint32_t> number;  // of a message's image
  for (std::uint32_t m = 0; m < b.messages(p); ++m) {
    MessageName name = b.message(p, m);
    name.from = b.renamed(name.from, swap);
    const auto image = b.find_message(q, name);
    if (!image) return false;
    number.push_back(*image);
  }
  std::vector<std::uint32_t> image(from.standard.size(), kNone);
  for (std::uint32_t l = 0; l < b.locals(p); ++l) {
    const std::uint32_t c = from.class_of.at(b.local(p, l).key());
    const std::uint32_t d = to.class_of.at(b.local(q, b.local_renamed(p, l, swap)).key());
    if (image[c] != kNone && image[c] != d) return false;
    image[c] = d;
    for (std::uint32_t m = 0; m < number.size(); ++m)
      if (from.dead[from.dead_row[c]][m] != to.dead[to.dead_row[d]][number[m]]) return false;
  }
  return true;
}

bool respected_by_exchanges(const B& b, const Reduction& reduction, SearchClock& clock) {
  for (std::size_t swap = 0; swap < b.swaps().size(); ++swap)
    for (ProcessId p = 0; p < b.processes(); ++p)
      if (clock.ends() || !respects(b, reduction, p, swap)) return false;
  return true;
}

}  // namespace

std::optional<Reduction> reduction_of(const Machine& machine, const ExploreSetup& setup,
                                      std::uint64_t most_bytes, SearchClock& clock,
                                      bool predicates) {
  Behaviour closure(machine, setup);
  if (!close(closure, most_bytes, clock)) return std::nullopt;
  Reduction reduction;
  std::vector<Classes> classes;
  for (ProcessId p = 0; p < closure.processes(); ++p) {
    classes.emplace_back(closure, p, clock);
    if (!classes.back().valid()) return std::nullopt;
    reduction.sites.push_back(site_of(closure, p, classes.back(), clock));
    if (clock.ends()) return std::nullopt;
  }
  reduction.handler_runs = closure.handler_runs();
  if (!respected_by_exchanges(closure, reduction, clock)) return std::nullopt;
  // A failure report waits for the messages of the site that is down.
  if (!setup.budget.partial_order || !drops_dead(machine, setup)) return reduction;
  reduction.independence.emplace(closure, classes, reduction, predicates, clock);
  return reduction.independence->valid() ? std::optional(std::move(reduction)) : std::nullopt;
}

}  // namespace indoubt
