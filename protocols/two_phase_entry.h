#pragma once
// Rows of the catalogue for two-phase commit under one presumption or another.
#include "protocols/catalogue.h"
#include "protocols/two_phase_body.h"

namespace indoubt {
namespace two_phase {

/// The options that hold for a group: one phase is for a single participant whose vote is enough,
/// and some mistakes are another value of an option.
inline TwoPhaseOptions in_force(TwoPhaseOptions o, const Group& group) {
  o.readers = group.readers;
  o.one_phase = o.one_phase && group.participants == 1 && o.traits().needed(1) == 1;
  switch (o.mistake) {
    case M::list_not_forced: o.start_record = StartRecord::unforced; break;
    case M::abort_when_uncertain: o.uncertain = TwoPhaseOptions::Uncertain::abort; break;
    case M::decide_on_majority: o.rule = DecisionRule::majority; break;
    default: break;
  }
  return o;
}

template <class Presumes>
struct Family {
  template <int kMax>
  using Protocol = TwoPhase<kMax, Presumes>;
};

template <class Presumes>
Machine make(const Group& group, std::span<const int> values) {
  const TwoPhaseOptions options =
      in_force(options_from<TwoPhaseOptionsOf<Presumes>>(fields<Presumes>(), values), group);
  Machine machine = machine_for<Family<Presumes>::template Protocol>(group, options);
  // Asked or told in the order of their numbers, participants are not alike; nor when they ask each
  // other.
  if (options.asking == TwoPhaseOptions::Asking::one_by_one ||
      options.telling == Telling::one_by_one ||
      options.termination == TwoPhaseOptions::Termination::cooperative) {
    machine.exchange = nullptr;
  }
  return machine;
}

template <class Presumes>
std::string check(const Group&, std::span<const int> values) {
  const auto o = options_from<TwoPhaseOptionsOf<Presumes>>(fields<Presumes>(), values);
  return o.telling == Telling::one_by_one && !o.acks ? std::string(kTellingNeedsAcks)
                                                     : std::string();
}

template <class Presumes>
ProtocolEntry entry(std::string_view name, std::string_view summary, std::string_view source) {
  return {name,
          summary,
          source,
          fields<Presumes>(),
          kTimerNames,
          kTimerDocs,
          &make<Presumes>,
          kMostProcesses - 1,
          &check<Presumes>};
}

}  // namespace two_phase
}  // namespace indoubt
