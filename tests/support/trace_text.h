#pragma once
#include <string>

#include "analysis/explore/explorer.h"

namespace indoubt::testing {

/// All that a trace says of its moves, one a line, for comparisons.
inline std::string trace_text(const ExploredTrace& trace) {
  std::string text;
  for (const TraceStep& s : trace.steps) {
    text += std::to_string(static_cast<int>(s.move)) + "@" + std::to_string(s.process) + ":" +
            std::to_string(s.detail) + (s.crashes ? " crashes" : "") + " after " +
            std::to_string(s.done) + "," + std::to_string(s.sends_of_last);
    if (s.message) text += " <" + std::to_string(s.message->message.word);
    text += " " + s.state + "\n";
  }
  return text;
}

}  // namespace indoubt::testing
