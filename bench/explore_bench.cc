// The search on TwoPhase of Gray & Lamport (2006): worlds per second and peak memory, each search
// in a process of its own. Arguments: most resource managers (8 to 11; default 10), threads
// (default 2).
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "analysis/explore/search.h"
#include "tests/support/commit_specs.h"

namespace indoubt {
namespace {

using testing::TwoPhaseSpec;

/// The same worlds without bits(): visited worlds are kept in a table.
template <int kWords>
struct Hashed {
  using World = Packed<kWords>;
  TwoPhaseSpec<kWords> spec;

  World initial() const { return spec.initial(); }
  template <class F>
  void successors(const World& w, F&& f) const {
    spec.successors(w, f);
  }
  std::uint32_t marks(const World& w) const { return spec.marks(w); }
};

template <class M>
int run(M model, const char* name, int n, int threads) {
  const auto start = std::chrono::steady_clock::now();
  Bounds bounds;
  bounds.threads = threads;
  const SearchResult r = Search<M>(model, bounds).run({.violations = 1});
  const double s = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  const double cpu = seconds(usage.ru_utime) + seconds(usage.ru_stime);
  const auto states = static_cast<double>(r.states), steps = static_cast<double>(r.transitions);
  std::printf(
      "TwoPhase N=%-2d %-7s %d threads: %9.0f worlds, %10.0f transitions, %6.3f s (cpu %6.3f), "
      "%5.1f M worlds/s, %6.1f M transitions/cpu-s, peak %6.1f MiB (counted %.1f)\n",
      n, name, threads, states, steps, s, cpu, states / s / 1e6, steps / cpu / 1e6,
      static_cast<double>(usage.ru_maxrss) / 1024, static_cast<double>(r.memory_bytes) / 1048576);
  return r.stop == Stop::complete ? 0 : 1;
}

template <class M>
void measure(const M& model, const char* name, int n, int threads) {
  std::fflush(stdout);
  const pid_t child = fork();
  if (child == 0) {
    const int status = run(model, name, n, threads);
    std::fflush(stdout);
    _exit(status);
  }
  int status = 0;
  waitpid(child, &status, 0);
  if (status != 0) std::printf("FAILED\n");
}

}  // namespace
}  // namespace indoubt

int main(int argc, char** argv) {
  using namespace indoubt;
  const int most = argc > 1 ? std::atoi(argv[1]) : 10, threads = argc > 2 ? std::atoi(argv[2]) : 2;
  const bool tables = argc > 3;
  for (int n = 8; n <= most; ++n) {
    measure(TwoPhaseSpec<>(n), "bitmap", n, threads);
    if (n > 9 && !tables) continue;
    measure(Hashed<1>{TwoPhaseSpec<>(n)}, "table", n, threads);
    measure(Hashed<2>{TwoPhaseSpec<2>(n)}, "table/2", n, threads);
  }
}
