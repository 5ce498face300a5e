#include "tests/support/disagreements.h"

namespace indoubt {

std::string disagreements(const VerdictTable& table) {
  std::string out;
  for (const ProtocolVerdicts& p : table.protocols)
    for (const VerdictRow& row : p.rows)
      for (const PairVerdict& pair : row.pairs)
        if (pair.verdict == Verdict::disagree)
          out += p.use->label + " " + std::string(row.measure->name) + ", " +
                 std::string(name(pair.first)) + " and " + std::string(name(pair.second)) + ": " +
                 pair.detail + "\n";
  return out;
}

}  // namespace indoubt
