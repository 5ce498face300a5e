#include "scenarios/mistake_trials.h"

#include <algorithm>

#include "scenarios/runner.h"
#include "sim/engine/simulation.h"
#include "sim/process/assert.h"

namespace indoubt {
namespace {

/// Sees coordinators that decide and do not forget. Requires transactions on fresh sites, which run
/// one after another.
class ForgettingOracle final : public Observer {
 public:
  void on_effect(const At& at, const Effect& effect, std::span<const ProcessId>) override {
    if (at.process != kCoordinator) return;
    if (at.transaction != transaction_) close();
    transaction_ = at.transaction;
    if (effect.kind == Effect::Kind::decide) remembers_ = true;
    if (effect.kind == Effect::Kind::forget) remembers_ = false;
    last_ = at.time;
  }
  /// The first transaction so far, after the last one is over.
  const std::optional<Finding>& first() {
    close();
    return first_;
  }

 private:
  void close() {
    if (remembers_ && !first_) {
      first_ = Finding{Property::termination, transaction_, last_.count(),
                       "coordinator has decided and can never forget the transaction"};
    }
    remembers_ = false;
  }
  std::uint64_t transaction_ = 0;
  Duration last_{};
  bool remembers_ = false;
  std::optional<Finding> first_;
};

/// The first violation of `property`; nothing: of any.
std::optional<Finding> first_of(const Totals& totals, std::optional<Property> property) {
  std::optional<Finding> first;
  for (const Finding& f : totals.findings) {
    if (property && f.property != *property) continue;
    if (!first || f.transaction < first->transaction) first = f;
  }
  return first;
}

/// What transactions first to first + count - 1 show.
struct Seen {
  Totals totals;
  std::optional<Finding> remembered;  ///< by a coordinator; only where it is asked for
};

Seen watch(const Scenario& scenario, const Machine& machine, std::uint64_t first,
           std::uint64_t count, bool forgetting) {
  ForgettingOracle oracle;
  SimulationOptions options;
  options.seed = scenario.transactions.seed;
  options.first = first;
  options.count = count;
  if (forgetting) options.observer = &oracle;
  Seen seen{simulate(scenario, machine, options), std::nullopt};
  seen.remembered = oracle.first();
  return seen;
}

std::uint64_t most(const Scenario& scenario) {
  return std::min(scenario.transactions.count, kMostTransactionsToDetect);
}

std::optional<Finding> first_shown(const Scenario& scenario, const ProtocolUse& use,
                                   const Mistake& mistake) {
  constexpr std::uint64_t kAtOnce = 250;
  const Machine machine = machine_for_use(use, scenario);
  for (std::uint64_t first = 1; first <= most(scenario); first += kAtOnce) {
    const std::uint64_t count = std::min(kAtOnce, most(scenario) - first + 1);
    const Seen seen = watch(scenario, machine, first, count, !mistake.breaks);
    const auto found = mistake.breaks ? first_of(seen.totals, mistake.breaks) : seen.remembered;
    if (found) return found;
  }
  return std::nullopt;
}

const ProtocolUse* find_use(const Scenario& scenario, const ProtocolEntry& protocol,
                            std::string_view mistake) {
  for (const ProtocolUse& use : scenario.protocols)
    if (use.protocol == protocol.name && mistake_of(protocol, use.options) == mistake) return &use;
  return nullptr;
}

}  // namespace

const ScenarioFile& Trials::file(std::string_view scenario) {
  const auto known = files_.find(scenario);
  if (known != files_.end()) return known->second;
  const std::string path = directory_ + "/" + std::string(scenario) + ".yaml";
  LoadResult loaded = load_scenario_file(path);
  if (!loaded.file) throw TrialError(text(loaded.errors.front()));
  if (loaded.file->scenario.transactions.sites != Sites::fresh)
    throw TrialError(path + ": its transactions need fresh sites");
  return files_.emplace(scenario, *std::move(loaded.file)).first->second;
}

const Trials::Survival& Trials::survival(const Trial& trial) {
  const auto known = survivals_.find(trial.correct);
  if (known != survivals_.end()) return known->second;
  const Scenario& scenario = trial.file->scenario;
  const Machine machine = machine_for_use(*trial.correct, scenario);
  const bool forgetting = !trial.variant->mistake->breaks;
  const Seen seen = watch(scenario, machine, 1, most(scenario), forgetting);
  const auto flaw = first_of(seen.totals, std::nullopt);
  const Survival found{most(scenario), flaw ? flaw : seen.remembered};
  return survivals_.emplace(trial.correct, found).first->second;
}

Trial Trials::find(const KnownBad& variant) {
  INDOUBT_ASSERT(variant.mistake != nullptr);
  Trial trial;
  trial.variant = &variant;
  trial.file = &file(variant.mistake->scenario);
  const Scenario& scenario = trial.file->scenario;
  trial.wrong = find_use(scenario, *variant.protocol, variant.name);
  trial.correct = find_use(scenario, *variant.protocol, "none");
  if (trial.wrong == nullptr || trial.correct == nullptr) {
    throw TrialError(trial.file->path + " does not run " + std::string(variant.protocol->name) +
                     (trial.wrong == nullptr ? " with mistake " + std::string(variant.name)
                                             : " without a mistake"));
  }
  return trial;
}

Trial Trials::run(const KnownBad& variant) {
  Trial trial = find(variant);
  const Scenario& scenario = trial.file->scenario;
  trial.shown = first_shown(scenario, *trial.wrong, *variant.mistake);
  const Survival& correct = survival(trial);
  trial.transactions = correct.transactions;
  trial.flaw = correct.flaw;
  return trial;
}

}  // namespace indoubt
