#include "sim/predicates/facts.h"

#include "sim/process/assert.h"

namespace indoubt {
namespace {

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
  s.readers += p.voted == Voted::read;
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
  if (!facts.readers_leave) s.readers = 0;
  for (const ProcessFacts& p : facts.processes) s.reversed = s.reversed || p.reversed;
  return s;
}

}  // namespace indoubt
