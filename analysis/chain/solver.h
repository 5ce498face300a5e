#pragma once
// What a chain does in the long run: probabilities of marks, expected counts and times, and how
// they change with the parameters.
//
// 1. States that matter no more (a mark that is asked for was reached) are cut off.
// 2. Strongly connected components are found (Tarjan 1972) and solved in reverse topological order,
//    so that an acyclic chain takes one backward pass and no solver.
// 3. A component without a way out is where the chain stays; its values are known: 0, 1, infinite.
// 4. Others are solved as they are: small ones by elimination of states without any subtraction
//    (Grassmann, Taksar & Heyman 1985), whose result has small relative errors however
//    ill-conditioned the component is (O'Cinneide 1993); large ones by Eigen's SparseLU with
//    iterative refinement.
// Nothing is iterated until "it changes little".
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "analysis/chain/chain.h"

namespace indoubt::markov {

struct Question {
  enum class Kind : std::uint8_t {
    ends,      ///< P(stays for ever among states that all bear one of `marks`, the same or not)
    passes,    ///< P(is ever in a state with one of `marks`)
    earned,    ///< E[counter, until a state with one of `marks`, if ever]; no marks: in total
    time_to,   ///< E[time until a state with one of `marks`]; infinite unless that is certain
    earned_if  ///< E[counter until `marks` | `marks` are ever reached]; NaN if they never are
  };
  Kind kind;
  Marks marks = 0;
  CounterId counter = kTime;
};

struct Values {
  Question question;
  std::vector<double> by_state;  ///< the answer for a chain that starts there
  double at_start = 0;
  /// Largest |Ax - b| / (|A||x| + |b|) over the rows: a backward error, relative in each row
  /// (Oettli & Prager 1964); some 1e-16 is full precision.
  double residual = 0;
};

struct SolverOptions {
  std::size_t dense_up_to = 400;  ///< states of a component that elimination takes
  int refinements = 3;            ///< most steps of refinement of a larger one
};

/// Keeps a reference to the chain, which must outlive it and not change. Factors are kept for each
/// set of marks that cuts the chain, so further questions cost one pass; the order of the states is
/// shared where the cut changes nothing. Memory: about 60 bytes a state for each such set, and
/// 8 m^2 for an eliminated component of m states.
class Solver {
 public:
  explicit Solver(const Chain& chain, SolverOptions options = {});
  ~Solver();
  Solver(Solver&&) noexcept;
  Solver& operator=(Solver&&) noexcept;

  Values solve(const Question& question);

  /// d at_start / d parameter for each parameter of the chain, from one transposed solution for
  /// each cut (shared by all parameters and all questions that cut alike):
  /// x = A^-1 b gives dx = A^-1 (db - dA x). Of `ends`, `passes`, `earned` and `time_to`; NaN where
  /// the value is infinite. Slopes along which probabilities of a state do not sum to 0 are taken
  /// as they are.
  std::vector<double> gradient(const Values& values);

  /// Expected time in each exponential state and expected number of visits of each step state,
  /// before the chain is cut at `marks`; infinite in components that it may enter and never leaves
  /// and 0 in absorbing ones.
  std::vector<double> occupancy(Marks until);

  struct Shape {
    std::size_t components = 0;  ///< strongly connected, single states included
    std::size_t cyclic = 0;      ///< of more than one state
    std::size_t largest = 0;     ///< states
  };
  Shape shape() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace indoubt::markov
