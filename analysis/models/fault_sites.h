#pragma once
// Whom a fault names, as far as formulas care: the coordinator and the participants.
#include "sim/scenario/scenario.h"

namespace indoubt {

/// Whether `who`, as a fault writes it, includes process p in 0..participants(). Back-ups and
/// leaders are not told apart from participants and the coordinator. Empty: everybody.
bool names_process(const Scenario& scenario, const Who& who, int p);

/// How many sites of the coordinator and the participants the fault names.
int sites_named(const Scenario& scenario, const Fault& fault);

}  // namespace indoubt
