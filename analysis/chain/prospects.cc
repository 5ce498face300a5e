#include "analysis/chain/prospects.h"

#include <algorithm>

namespace indoubt::markov {
namespace {

std::uint64_t decided_in(const World& w) {
  std::uint64_t bits = 0;
  for (std::size_t p = 0; p < w.processes.size(); ++p)
    bits |= std::uint64_t{w.processes[p].decided != Outcome::none} << p;
  return bits;
}

bool waits_only(const World& w) {
  return std::all_of(
             w.items.begin(), w.items.end(),
             [](const Item& i) { return i.kind == Item::Kind::timer || i.is_circumstance(); }) &&
         std::all_of(w.processes.begin(), w.processes.end(),
                     [](const ProcessState& p) { return p.floating == 0; });
}

/// What can be decided from world i on, by what is known of its successors.
std::uint64_t seen_from(const Graph& graph, std::uint32_t i, const Prospects& known) {
  const Graph::Node& node = graph.node(i);
  if (node.unaided != i) return known.decided[i] | known.can[node.unaided];
  std::uint64_t can = known.decided[i];
  if (node.switch_at != 0) can |= known.can[node.switch_to];
  for (const Graph::Edge* e = graph.edges_begin(i); e != graph.edges_end(i); ++e)
    can |= known.can[e->target];
  return can;
}

/// Some fault concerns the transaction: a run watches it.
bool is_watched(const Plan& plan, const World& w) {
  for (std::size_t r = 0; r < plan.rules().size(); ++r)
    if (plan.always_concerns(r) || w.active[r] == 1 || w.crashed) return true;
  return !plan.rules().empty() && !plan.loses_messages();
}

}  // namespace

Prospects prospects_of(const Graph& graph) {
  Prospects out;
  std::vector<bool> doubtful;  // in doubt, and only time-outs to come
  out.decided.push_back(0);
  out.failed.push_back(false);
  doubtful.push_back(false);
  for (std::uint32_t i = 1; i < graph.size(); ++i) {
    const World w = graph.world(i);
    out.decided.push_back(decided_in(w));
    out.failed.push_back(w.lost || w.crashed);
    doubtful.push_back(out.failed[i] && is_watched(graph.plan(), w) && w.anyone_in_doubt() &&
                       waits_only(w));
  }
  out.can = out.decided;
  for (bool changed = true; changed;) {
    changed = false;
    for (std::uint32_t i = static_cast<std::uint32_t>(graph.size()); i-- > 0;) {
      const std::uint64_t can = seen_from(graph, i, out);
      changed = changed || can != out.can[i];
      out.can[i] = can;
    }
  }
  out.retired.assign(graph.size(), false);
  for (std::uint32_t i = 1; i < graph.size(); ++i)
    out.retired[i] = doubtful[i] && (out.can[i] & ~out.decided[i]) == 0;
  return out;
}

}  // namespace indoubt::markov
