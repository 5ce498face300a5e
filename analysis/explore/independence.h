#pragma once
// Which processes may go first: a partial-order reduction keyed on the receiver.
//
// All that a process does is to take a message of its own inbox, a time-out or local work, and to
// add to other inboxes. Its moves in a world are therefore a persistent set (Godefroid 1996, ch. 4)
// if, before it moves, nobody else can send it anything that is not dead for it, use up a budget
// that its moves need, or part the network. Nothing but these moves need be looked at then, if
//
// * none of them undoes what is judged. A question is "is there a world with this", and all that is
//   asked about stays once it is there (a decision does; "blocked" does, as long as no site
//   restarts). The moves that are taken first then make no difference to it. Moves that undo a part
//   of it are excluded: a vote in favour (AC3 asks for a commit before it), a decision reversed;
//   with predicates, every move that changes what they see.
// * no circle of worlds consists of such worlds only, or the others would be put off for ever. A
//   move may go first only if it leaves its strongly connected component of the process's local
//   behaviour, or takes a message and sends none: in a circle nobody leaves a component, and
//   messages do not become fewer (a static form of the cycle proviso: Kurshan, Levin, Minea, Peled
//   & Yenigün 1998).
//
// Equal messages in flight merge into one, so a move that sends what is under way already does not
// commute with its delivery: such a move does not go first either.
//
// What others can still send is read from the closure of the local behaviour (reduction.h): moves
// without crashes, since processes go first only where no crash is left in the budget, and without
// deliveries of what the process in question has yet to send.
#include <cstdint>
#include <vector>

#include "analysis/explore/behaviour.h"
#include "analysis/explore/classes.h"

namespace indoubt {

struct Reduction;

class Independence {
 public:
  /// Of a closed behaviour. `classes` by process; `reduction` has their dead messages. With
  /// `predicates`, moves must leave everything that predicates see. If the clock ends it, this is
  /// not valid(), and nothing may be asked.
  Independence(const Behaviour& closure, const std::vector<Classes>& classes,
               const Reduction& reduction, bool predicates, SearchClock& clock);

  bool valid() const { return valid_; }
  /// Whether q, in its class, can send p something that is not in row `dead` of p before p moves.
  /// `told`: a message of p is on its way to q.
  bool disturbs(ProcessId q, std::uint32_t its_class, ProcessId p, std::uint32_t dead,
                bool told) const {
    return sites_[q].disturbs[told][its_class][first_row_[p] + dead];
  }
  /// A circle of moves stays in one component of the classes of each process.
  std::uint32_t component(ProcessId p, std::uint32_t its_class) const {
    return sites_[p].component[its_class];
  }
  /// Whether a move of p from one situation of `b` to another undoes nothing that is judged.
  bool undoes_nothing(const Behaviour& b, ProcessId p, std::uint32_t local,
                      std::uint32_t next) const;

 private:
  struct Site {
    std::vector<std::uint32_t> component;        ///< by class
    std::vector<std::vector<bool>> disturbs[2];  ///< [told][class][first_row_[p] + row]
  };
  bool fill(const Behaviour& closure, const std::vector<Classes>& classes,
            const Reduction& reduction, ProcessId q, bool told, SearchClock& clock);

  bool predicates_ = false, valid_ = true;
  std::vector<std::size_t> first_row_;  ///< by process
  std::vector<Site> sites_;
};

}  // namespace indoubt
