#include "analysis/explore/independence.h"

#include <algorithm>
#include <boost/graph/compressed_sparse_row_graph.hpp>
#include <boost/graph/strong_components.hpp>

#include "analysis/explore/reduction.h"

namespace indoubt {
namespace {

using B = Behaviour;

/// Calls f(rule, message) for each move of situation l of p that is no crash; `message` is
/// kUnknown for those without one.
template <class F>
void each_move(const B& b, ProcessId p, std::uint32_t l, const F& f) {
  for (const B::Rule& r : b.rules(b.spontaneous(p, l)))
    if (!r.crashes) f(r, B::kUnknown);
  for (std::uint32_t m = 0; m < b.messages(p); ++m)
    for (const B::Rule& r : b.rules(b.reactions(p, l, m)))
      if (!r.crashes) f(r, m);
}

std::vector<std::uint32_t> components_of(const B& b, ProcessId p, const Classes& classes) {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> edges;
  for (std::uint32_t l = 0; l < b.locals(p); ++l)
    each_move(b, p, l, [&](const B::Rule& r, std::uint32_t) {
      edges.emplace_back(classes.of(l), classes.of(r.next));
    });
  using Graph = boost::compressed_sparse_row_graph<boost::directedS>;
  const Graph graph(boost::edges_are_unsorted_multi_pass, edges.begin(), edges.end(),
                    classes.count());
  std::vector<std::uint32_t> component(classes.count());
  boost::strong_components(graph, boost::make_iterator_property_map(
                                      component.begin(), boost::get(boost::vertex_index, graph)));
  return component;
}

/// By class of q: the messages to p, as p numbers them, that q can come to send; too few if the
/// clock has ended it.
class LaterSends {
 public:
  LaterSends(const B& b, ProcessId q, const Classes& classes, ProcessId p, bool told,
             SearchClock& clock)
      : sent_(classes.count(), std::vector<bool>(b.messages(p))) {
    std::vector<std::pair<std::uint32_t, std::uint32_t>> steps;
    for (std::uint32_t l = 0; l < b.locals(q); ++l)
      each_move(b, q, l, [&](const B::Rule& r, std::uint32_t m) {
        if (!told && m != B::kUnknown && b.message(q, m).from == p) return;
        for (const B::Send& s : b.sends(r))
          if (s.to == p) sent_[classes.of(l)][b.message_of(s.item)] = true;
        steps.emplace_back(classes.of(l), classes.of(r.next));
      });
    std::sort(steps.begin(), steps.end());
    steps.erase(std::unique(steps.begin(), steps.end()), steps.end());
    for (bool more = true; more && !clock.ends();) {
      more = false;
      for (const auto& [from, to] : steps) more |= take_over(sent_[to], sent_[from]);
    }
  }

  bool any_but(const std::vector<bool>& dead, std::uint32_t its_class) const {
    const std::vector<bool>& sent = sent_[its_class];
    for (std::size_t m = 0; m < sent.size(); ++m)
      if (sent[m] && !dead[m]) return true;
    return false;
  }

 private:
  static bool take_over(const std::vector<bool>& later, std::vector<bool>& now) {
    bool more = false;
    for (std::size_t m = 0; m < later.size(); ++m)
      if (later[m] && !now[m]) more = now[m] = true;
    return more;
  }

  std::vector<std::vector<bool>> sent_;
};

}  // namespace

Independence::Independence(const B& closure, const std::vector<Classes>& classes,
                           const Reduction& reduction, bool predicates, SearchClock& clock)
    : predicates_(predicates), sites_(classes.size()) {
  std::size_t rows = 0;
  for (const Reduction::Site& site : reduction.sites) {
    first_row_.push_back(rows);
    rows += site.dead.size();
  }
  for (ProcessId q = 0; q < classes.size() && valid_; ++q) {
    sites_[q].component = components_of(closure, q, classes[q]);
    for (const bool told : {false, true})
      valid_ = valid_ && fill(closure, classes, reduction, q, told, clock);
  }
}

/// Whom q can disturb; false if the clock ends it.
bool Independence::fill(const B& closure, const std::vector<Classes>& classes,
                        const Reduction& reduction, ProcessId q, bool told, SearchClock& clock) {
  const std::size_t rows = first_row_.back() + reduction.sites.back().dead.size();
  auto& disturbs = sites_[q].disturbs[told];
  disturbs.assign(classes[q].count(), std::vector<bool>(rows));
  for (ProcessId p = 0; p < classes.size(); ++p) {
    if (p == q) continue;
    const LaterSends later(closure, q, classes[q], p, told, clock);
    if (clock.ends()) return false;
    const auto& dead = reduction.sites[p].dead;
    for (std::uint32_t c = 0; c < classes[q].count(); ++c)
      for (std::size_t row = 0; row < dead.size(); ++row)
        disturbs[c][first_row_[p] + row] = later.any_but(dead[row], c);
  }
  return true;
}

bool Independence::undoes_nothing(const B& b, ProcessId p, std::uint32_t local,
                                  std::uint32_t next) const {
  constexpr std::uint32_t kStay =
      B::committed | B::aborted | B::refused | B::reversed | B::wrote | B::in_favour;
  constexpr std::uint32_t kNotNew = B::in_favour | B::owes;
  const std::uint32_t before = b.facts(p, local), after = b.facts(p, next);
  if ((before & ~after & kStay) != 0 || (after & ~before & kNotNew) != 0) return false;
  return !predicates_ || (b.process_facts(p, local) == b.process_facts(p, next) &&
                          b.recorded(p, local) == b.recorded(p, next));
}

}  // namespace indoubt
