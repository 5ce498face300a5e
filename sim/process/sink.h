#pragma once
// Where a handler's requests go: one call for each effect, in program order.
#include <cstdint>
#include <span>

#include "sim/process/message.h"
#include "sim/process/outcome.h"
#include "sim/process/process_set.h"

namespace indoubt {

/// A stable-log record, as a word. 0 is "nothing was ever written".
using RecordWord = std::uint64_t;

/// Most processes in one transaction, the coordinator included.
inline constexpr int kMostProcesses = 320;

/// The simulator's sink performs effects at once; tests, a pending force and the explorer record
/// them as values (Effects). The caller owns everything passed; nothing may be kept by reference.
class Sink {
 public:
  virtual void send(ProcessId to, Message m) = 0;
  /// One effect with several destinations, in increasing order; a crash may cut it after any of
  /// them.
  virtual void send_set(std::span<const ProcessId> to, Message m) = 0;
  virtual void prepare() = 0;
  virtual void vote(LocalVote vote) = 0;
  virtual void force(RecordWord record) = 0;
  virtual void log(RecordWord record) = 0;
  virtual void set_timer(Tag timer) = 0;
  virtual void cancel_timer(Tag timer) = 0;
  /// `cause`: abort only.
  virtual void decide(Outcome outcome, AbortCause cause) = 0;
  virtual void forget() = 0;

 protected:
  ~Sink() = default;
};

}  // namespace indoubt
