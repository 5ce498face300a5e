#pragma once
#include <vector>

namespace indoubt {

struct Transaction;

/// One record of a participant that a single transaction at a time may change. Others wait in
/// order of their arrival.
struct RecordQueue {
  bool held = false;
  Transaction* holder = nullptr;  ///< null while held: one that ended in doubt, for ever
  std::vector<Transaction*> waiting;
};

}  // namespace indoubt
