#include "sim/engine/records.h"

#include <algorithm>
#include <new>

#include "sim/process/assert.h"

namespace indoubt {
namespace {

constexpr std::size_t round_up(std::size_t n, std::size_t unit) {
  return (n + unit - 1) / unit * unit;
}
constexpr std::size_t kLine = 64;
constexpr std::size_t kSlabBytes = 64 * 1024;

}  // namespace

Records::Records(const Machine& machine, bool random_timeouts)
    : machine_(machine),
      processes_(machine.processes),
      has_acceptors_(has_role(machine, Role::acceptor)),
      has_backups_(has_role(machine, Role::backup)) {
  INDOUBT_ASSERT(machine.state_align <= 8);
  const std::size_t timer_words = machine.timers.size() * (random_timeouts ? 2 : 1);
  state_at_ =
      round_up(sizeof(ProcessSlot) + timer_words * sizeof(std::uint32_t), machine.state_align);
  drawn_at_ = round_up(state_at_ + machine.state_size, alignof(DrawnAhead));
  if (drawn_at_ % kLine + sizeof(DrawnAhead) > kLine) drawn_at_ = round_up(drawn_at_, kLine);
  slot_stride_ = round_up(drawn_at_ + sizeof(DrawnAhead), kLine);
  roles_at_ = sizeof(Transaction) + processes_ * slot_stride_;
  links_at_ = roles_at_ + (has_acceptors_ || has_backups_ ? 2 * sizeof(RoleSums) : 0);
  stride_ = round_up(links_at_ + processes_ * processes_ * sizeof(LinkState), kLine);
}

// The link states at a record's end are never touched unless they are used, so a wide record costs
// address space and not memory.
void Records::add_slab() {
  const std::size_t count = std::max<std::size_t>(1, kSlabBytes / stride_);
  slabs_.emplace_back(new char[count * stride_ + kLine]);
  char* first = slabs_.back().get();
  first += kLine - reinterpret_cast<std::uintptr_t>(first) % kLine;
  for (std::size_t i = count; i-- > 0;) {
    free_.push_back(::new (static_cast<void*>(first + i * stride_)) Transaction);
  }
}

Transaction& Records::open() {
  if (free_.empty()) [[unlikely]]
    add_slab();
  Transaction& t = *free_.back();
  free_.pop_back();
  std::memset(static_cast<void*>(&t), 0, sizeof t);
  for (std::size_t p = 0; p < processes_; ++p) {
    ProcessSlot& s = slot(t, static_cast<ProcessId>(p));
    std::memset(static_cast<void*>(&s), 0, state_at_);
    drawn(s).forces = drawn(s).inquiries = 0;
    drawn(s).sums = {};
    s.in_doubt_since = ProcessSlot::kNotInDoubt;
    machine_.construct(state(s));
  }
  if (links_at_ != roles_at_)
    std::memset(reinterpret_cast<char*>(&t) + roles_at_, 0, links_at_ - roles_at_);
  return t;
}

}  // namespace indoubt
