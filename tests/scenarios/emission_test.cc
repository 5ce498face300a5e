// Goal: what the explorer finds happens in the simulator as well: the shortest traces of known-bad
// variants become scenarios that run into the same violation.
#include "scenarios/emission.h"

#include <gtest/gtest.h>
#include <cstdlib>
#include <iostream>

#include "scenarios/runner.h"
#include "scenarios/verdicts.h"

namespace indoubt {
namespace {

TEST(Emission, TracesOfKnownBadVariantsReplay) {
  Trials trials(INDOUBT_SOURCE_DIR "/scenarios/library/mistakes");
  const std::vector<KnownBad> all = known_bad_variants();
  int n = 0, ok = 0;
  for (const KnownBad& v : all) {
    if (!v.mistake->breaks) continue;
    const Trial trial = trials.find(v);
    ExplorerOptions options;
    options.bounds.states = 400'000;
    const Refutation r = refute(trial, options);
    if (r.budget.empty()) continue;
    ++n;
    ProtocolUse use = *trial.wrong;
    const Emission e = emit_scenario(verdict_scenario(r.participants, r.machine), use, r.machine,
                                     r.answer, {});
    if (e.problem.empty()) ++ok;
    std::cout << (e.problem.empty() ? "OK   " : "FAIL ") << v.protocol->name << " " << v.name << " ("
              << r.budget << ") " << r.answer.name << ": " << e.problem << "\n";
    if (std::getenv("SHOW")) std::cout << e.text << "\n";
  }
  std::cout << ok << " of " << n << "\n";
}

}  // namespace
}  // namespace indoubt
