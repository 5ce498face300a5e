#include "cli/interrupts.h"

#include <atomic>
#include <csignal>

namespace indoubt {
namespace {

std::atomic<bool> interrupted{false};
static_assert(std::atomic<bool>::is_always_lock_free);

extern "C" void note_interrupt(int) { interrupted = true; }

}  // namespace

Interrupts::Interrupts() {
  interrupted = false;
  at_interrupt_ = std::signal(SIGINT, note_interrupt);
  at_termination_ = std::signal(SIGTERM, note_interrupt);
}

Interrupts::~Interrupts() {
  std::signal(SIGINT, at_interrupt_);
  std::signal(SIGTERM, at_termination_);
}

bool Interrupts::noted() const { return interrupted; }

}  // namespace indoubt
