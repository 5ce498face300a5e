#pragma once

namespace indoubt {

/// While it lives, SIGINT and SIGTERM do not end the program but are noted; then they do again what
/// they did before. One at a time.
class Interrupts {
 public:
  Interrupts();
  ~Interrupts();
  Interrupts(const Interrupts&) = delete;
  Interrupts& operator=(const Interrupts&) = delete;

  /// Whether one has come since the construction. May be called by any thread.
  bool noted() const;

 private:
  void (*at_interrupt_)(int);
  void (*at_termination_)(int);
};

}  // namespace indoubt
