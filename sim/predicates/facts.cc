#include "sim/predicates/facts.h"

#include "sim/process/assert.h"

namespace indoubt {
namespace {

/// Decisions ever taken, by all processes.
struct Decisions {
  int commits = 0, aborts = 0, both = 0;
  void add(const ProcessFacts& p) {
    if (p.decision == Outcome::none) return;
    commits += p.reversed || p.decision == Outcome::commit;
    aborts += p.reversed || p.decision == Outcome::abort;
    both += p.reversed;
  }
  /// One process that reverses its decision does not disagree with itself.
  bool differ() const {
    const bool one_alone = both == 1 && commits == 1 && aborts == 1;
    return commits != 0 && aborts != 0 && !one_alone;
  }
};

void add(const ProcessFacts& p, Standing& s) {
  const bool committed = p.decision == Outcome::commit, aborted = p.decision == Outcome::abort;
  const bool no = p.voted == Voted::no;
  s.committed += committed;
  s.aborted += aborted;
  s.committed_up += p.up && committed;
  s.aborted_up += p.up && (aborted || (no && !committed));
  s.learnt += p.learnt != Outcome::none;
  s.in_doubt += p.in_doubt;
  s.blocked += p.blocked;
  s.yes += p.voted == Voted::yes || p.voted == Voted::read;
  s.aborted_freely = s.aborted_freely || (aborted && !no);
}

}  // namespace

Standing standing_of(const Facts& facts) {
  INDOUBT_ASSERT(facts.participants >= 1);
  INDOUBT_ASSERT(facts.processes.size() > facts.participants);
  Standing s;
  s.participants = facts.participants;
  s.coordinator = facts.coordinator().decision;
  s.record = facts.record;
  s.aborted_freely = s.coordinator == Outcome::abort;
  for (const ProcessFacts& p : facts.all_participants()) add(p, s);
  Decisions decisions;
  for (const ProcessFacts& p : facts.processes) {
    decisions.add(p);
    s.reversed = s.reversed || p.reversed;
  }
  s.disagreed = decisions.differ();
  return s;
}

}  // namespace indoubt
