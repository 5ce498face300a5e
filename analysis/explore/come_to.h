#pragma once
// "From here, can it still come to that?" about the worlds of a protocol.
#include <cstdint>
#include <utility>
#include <vector>

#include "analysis/explore/protocol_model.h"

namespace indoubt {

/// Which steps count as a way: no new fault ever does.
enum class Ways : std::uint8_t {
  without_repair,  ///< nor a restart, nor the end of a partition
  with_restarts,
  with_repair,  ///< restarts, and the end of a partition
};

/// "From every world with the mark `from`, a world with the mark `goal`", or, about a participant:
/// "from every world where it is up and in doubt, one where it has decided".
struct ComeTo {
  int from = 0, goal = 0;
  ProcessId participant = kCoordinator;  ///< the coordinator: about marks
  Ways ways = Ways::with_restarts;

  static ComeTo of_marks(int from, int goal) { return {.from = from, .goal = goal}; }
  static ComeTo of_participant(ProcessId p, Ways ways) { return {.participant = p, .ways = ways}; }
};

/// Such questions as Search::stranded() wants them (ReachQuestions); at most 64. `Model` is a
/// ProtocolModel, which must outlive them.
template <class Model>
class ComeToQuestions {
 public:
  using World = typename Model::World;

  ComeToQuestions(const Model& model, std::vector<ComeTo> questions)
      : model_(model), questions_(std::move(questions)) {
    INDOUBT_ASSERT(questions_.size() <= 64);
    for (std::size_t k = 0; k < questions_.size(); ++k) {
      const std::uint64_t bit = std::uint64_t{1} << k;
      all_ |= bit;
      if (questions_[k].ways != Ways::without_repair) restarts_ |= bit;
      if (questions_[k].ways == Ways::with_repair) heals_ |= bit;
    }
  }

  int count() const { return static_cast<int>(questions_.size()); }
  std::uint64_t from(const World& w) const {
    return which([&](const ComeTo& q) {
      return q.participant == kCoordinator ? model_.has_mark(w, q.from)
                                           : model_.in_doubt_and_up(w, q.participant);
    });
  }
  std::uint64_t goal(const World& w) const {
    return which([&](const ComeTo& q) {
      return q.participant == kCoordinator ? model_.has_mark(w, q.goal)
                                           : model_.decided(w, q.participant);
    });
  }
  std::uint64_t allowed(Label label) const {
    if (move_of(label) == Move::heal) return heals_;
    if (is_fault(move_of(label)) || cut_by_crash(label)) return 0;
    return move_of(label) == Move::recover ? restarts_ : all_;
  }

 private:
  template <class Holds>
  std::uint64_t which(const Holds& holds) const {
    std::uint64_t mask = 0;
    for (std::size_t k = 0; k < questions_.size(); ++k)
      mask |= std::uint64_t{holds(questions_[k])} << k;
    return mask;
  }

  const Model& model_;
  std::vector<ComeTo> questions_;
  std::uint64_t all_ = 0, restarts_ = 0, heals_ = 0;
};

}  // namespace indoubt
