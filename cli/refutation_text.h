#pragma once
#include <string>

#include "scenarios/verdicts.h"

namespace indoubt {

/// "2pc, mistake no_ack_wait: asynchronous, 1 loss, 2 participants, 5 moves", and the moves.
std::string refutation_text(const Refutation& refutation, bool with_trace);

}  // namespace indoubt
