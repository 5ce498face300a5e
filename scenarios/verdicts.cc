#include "scenarios/verdicts.h"

#include <array>

#include "scenarios/concat.h"
#include "sim/measures/measure.h"

namespace indoubt {
namespace {

using std::chrono::milliseconds;

Exploration budget_with(auto&& change) {
  Exploration e;
  e.free_votes = true;
  change(e);
  return e;
}

const std::array<VerdictSetting, 5>& settings() {
  static const std::array<VerdictSetting, 5> kSettings = {
      {{"crash-stop",
        "Bounded delay: messages take at most one tick, time-outs are longer; one site crashes, at "
        "any moment, for good.",
        budget_with([](Exploration& e) {
          e.timing = Timing::bounded;
          e.crashes = 1;
          e.recoveries = false;
        })},
       {"crash-recovery",
        "Asynchronous; one site crashes, at any moment, and may come back at any moment.",
        budget_with([](Exploration& e) { e.crashes = 1; })},
       {"loss", "Asynchronous; one message, whichever, gets lost.",
        budget_with([](Exploration& e) { e.losses = 1; })},
       {"partition",
        "Asynchronous; the network parts once, at any moment, in any two groups, and may heal.",
        budget_with([](Exploration& e) { e.partitions = 1; })},
       {"asynchronous",
        "No fault, but messages take any time and time-outs fire at any moment: late messages.",
        budget_with([](Exploration&) {})}}};
  return kSettings;
}

}  // namespace

std::span<const VerdictSetting> verdict_settings() { return settings(); }

std::vector<Exploration> refuting_budgets() {
  std::vector<Exploration> all;
  const auto add = [&](auto&& change) { all.push_back(budget_with(change)); };
  add([](Exploration& e) { e.timeouts = 0; });
  for (const Timing timing : {Timing::bounded, Timing::asynchronous}) {
    add([&](Exploration& e) { e.timing = timing; });
    add([&](Exploration& e) { e.timing = timing, e.losses = 1; });
    add([&](Exploration& e) { e.timing = timing, e.crashes = 1, e.recoveries = false; });
    add([&](Exploration& e) { e.timing = timing, e.crashes = 1; });
    add([&](Exploration& e) { e.timing = timing, e.duplications = 1; });
    add([&](Exploration& e) { e.timing = timing, e.crashes = 1, e.losses = 1; });
    add([&](Exploration& e) { e.timing = timing, e.crashes = 2; });
    add([&](Exploration& e) { e.timing = timing, e.partitions = 1; });
  }
  for (const int losses : {0, 1, 2})
    add([&](Exploration& e) { e.timeouts = 1, e.losses = losses; });
  return all;
}

Scenario verdict_scenario(int participants, const Machine& machine) {
  Scenario scenario;
  for (int p = 1; p <= participants; ++p)
    scenario.services.push_back({.name = "p" + std::to_string(p), .prepare = Latency{}});
  scenario.network.latency = Latency::constant(milliseconds(1));
  for (const std::string_view timer : machine.timers) {
    const bool leads = timer == "votes" || timer == "acks" || timer == "states";
    scenario.timeouts.push_back(
        {std::string(timer), Latency::constant(milliseconds(leads ? 3 : 6))});
  }
  return scenario;
}

ExploreReport explored_under(const ProtocolEntry& protocol, std::span<const int> options,
                             int participants, const Exploration& budget,
                             const ExplorerOptions& explorer) {
  const Machine machine = protocol.make({participants, {}}, options);
  return explore(verdict_scenario(participants, machine), budget, machine, {}, explorer);
}

ExploreReport explored_with_fewer_rounds(const ProtocolEntry& protocol,
                                         std::span<const int> options, int participants,
                                         const Exploration& budget, ExplorerOptions explorer) {
  const Machine machine = protocol.make({participants, {}}, options);
  Scenario scenario = verdict_scenario(participants, machine);
  for (Service& s : scenario.services) s.read_only = machine.takes_read_only ? 0.5 : 0;
  const auto explored = [&] { return explore(scenario, budget, machine, {}, explorer); };
  const auto bound_hit = [](const ExploreReport& r) { return incomplete(r.search.stop); };
  const ExploreReport first = explored();
  ExploreReport last = first;
  while (bound_hit(last) && last.setup.rounds > 1) {
    explorer.rounds = last.setup.rounds - 1;
    last = explored();
  }
  if (bound_hit(last)) return first;
  for (std::size_t i = 0; i < first.answers.size(); ++i)
    if (first.answers[i].met) last.answers[i] = first.answers[i];
  return last;
}

std::optional<Refutation> refuted_under(const Trial& trial, int participants,
                                        const Exploration& budget, bool apart,
                                        const ExplorerOptions& explorer) {
  const ProtocolEntry& protocol = *trial.variant->protocol;
  const Group group{participants, {}};
  if (protocol.check != nullptr && (!protocol.check(group, trial.wrong->options).empty() ||
                                    !protocol.check(group, trial.correct->options).empty()))
    return std::nullopt;
  Exploration asked = budget;
  asked.properties = {
      {PropertyForm::never, concat({"violation.", name(*trial.variant->mistake->breaks)})}};
  ExplorerOptions hunt = explorer;
  hunt.stop_at_violation = true;
  const ExploreReport bad =
      explored_under(protocol, trial.wrong->options, participants, asked, hunt);
  if (!bad.problems.empty() || !bad.answers.front().met) return std::nullopt;
  hunt.bounds.depth = bad.answers.front().depth;
  hunt.traces = false;
  const ExploreReport good =
      explored_under(protocol, trial.correct->options, participants, asked, hunt);
  using Control = Refutation::Control;
  const bool searched = good.search.stop == Stop::depth || good.search.stop == Stop::complete;
  const Control control = good.answers.front().met ? Control::fails
                          : searched               ? Control::holds
                                                   : Control::unknown;
  if (apart && control == Control::fails) return std::nullopt;
  return Refutation{trial.variant,       words_of(budget),
                    participants,        protocol.make(group, trial.wrong->options),
                    bad.answers.front(), control};
}

Refutation refute(const Trial& trial, const ExplorerOptions& explorer) {
  for (const bool apart : {true, false})
    for (const int participants : {2, 3, 1})
      for (const Exploration& budget : refuting_budgets())
        if (auto found = refuted_under(trial, participants, budget, apart, explorer))
          return *std::move(found);
  Refutation none;
  none.variant = trial.variant;
  return none;
}

std::string words_of(const Exploration& e) {
  std::string out = e.timing == Timing::asynchronous ? "asynchronous"
                    : e.timing == Timing::bounded    ? "bounded delay"
                                                     : "timed";
  const auto add = [&](const std::string& text) { out += ", " + text; };
  if (e.timeouts == 0) add("no time-outs");
  if (e.timeouts > 0) add(std::to_string(e.timeouts) + " time-out each");
  if (e.crashes != 0)
    add(std::to_string(e.crashes) + (e.crashes == 1 ? " crash" : " crashes") +
        (e.recoveries ? "" : " for good"));
  if (e.losses != 0) add(std::to_string(e.losses) + " loss");
  if (e.duplications != 0) add(std::to_string(e.duplications) + " duplicate");
  if (e.partitions != 0) add(std::to_string(e.partitions) + " partition");
  return out;
}

}  // namespace indoubt
