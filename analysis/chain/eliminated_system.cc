#include "analysis/chain/component_system.h"
#include "analysis/chain/elimination.h"

namespace indoubt::markov {
namespace {

class EliminatedSystem final : public ComponentSystem {
 public:
  EliminatedSystem(const std::vector<InnerTransition>& transitions,
                   const std::vector<double>& exits)
      : elimination_(exits.size()) {
    for (std::size_t i = 0; i < exits.size(); ++i) elimination_.add_exit(i, exits[i]);
    for (const InnerTransition& t : transitions) elimination_.add(t.from, t.to, t.weight);
    elimination_.factor([](double) { return false; });
  }
  void solve(std::vector<double>& b) const override { elimination_.solve(b); }
  void solve_transposed(std::vector<double>& c) const override { elimination_.solve_transposed(c); }

 private:
  Elimination<double> elimination_;
};

}  // namespace

std::unique_ptr<ComponentSystem> eliminated_system(const std::vector<InnerTransition>& transitions,
                                                   const std::vector<double>& exits) {
  return std::make_unique<EliminatedSystem>(transitions, exits);
}

}  // namespace indoubt::markov
