#pragma once
// One transaction, simulated, with what papers count: messages, records and instants.
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/recorder.h"
#include "tests/support/world.h"

namespace indoubt {

class Flow {
 public:
  Flow(const Scenario& scenario, std::string_view protocol,
       const std::vector<NamedOption>& options = {})
      : Flow(scenario, machine_with(protocol, scenario.participants(), options)) {}
  Flow(const Scenario& scenario, const Machine& machine) : machine_(machine), recorder_(machine_) {
    SimulationOptions simulation;
    simulation.observer = &recorder_;
    totals_ = run(scenario, machine_, 1, simulation);
  }

  const Totals& totals() const { return totals_; }
  std::uint64_t messages() const { return static_cast<std::uint64_t>(totals_.messages.sum); }
  /// Messages of this name, those within a site left out.
  std::uint64_t sent(std::string_view name) const {
    std::uint64_t count = 0;
    for (const auto& role : totals_.sent) {
      for (const Message m : machine_.variants)
        if (machine_.message_name(m) == name) count += role[variant_of(m)];
    }
    return count;
  }
  /// When process p first did so, in nanoseconds; -1 if it never did.
  std::int64_t ns(int p, std::string_view text) const {
    const auto when = recorder_.when(p, text);
    return when ? when->count() : -1;
  }
  /// How often process p did so.
  int times(int p, std::string_view text) const { return recorder_.times(p, text); }
  /// When process p first did so, in whole microseconds; -1 if it never did.
  std::int64_t us(int p, std::string_view text) const {
    const std::int64_t at = ns(p, text);
    return at < 0 ? -1 : at / 1'000;
  }
  /// The same in milliseconds, rounded down.
  std::int64_t ms(int p, std::string_view text) const {
    const std::int64_t at = us(p, text);
    return at < 0 ? -1 : at / 1'000;
  }
  /// Records that process p writes, in order: "force prepared, force committed".
  std::string records(int p) const {
    std::string all;
    for (const Recorder::Line& line : recorder_.lines()) {
      const bool record = line.text.rfind("force ", 0) == 0 || line.text.rfind("log ", 0) == 0;
      if (line.process != p || !record) continue;
      if (!all.empty()) all += ", ";
      all += line.text;
    }
    return all;
  }

 private:
  Machine machine_;
  Recorder recorder_;
  Totals totals_;
};

}  // namespace indoubt
