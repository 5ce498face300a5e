#include "analysis/explore/protocol_model.h"

#include <algorithm>

namespace indoubt {

std::vector<std::uint64_t> ProtocolWorlds::counts() const {
  std::vector<std::uint64_t> counts;
  for (ProcessId p = 0; p < behaviour_.processes(); ++p) {
    counts.push_back(std::max<std::uint64_t>(2, behaviour_.locals(p)));
    counts.push_back(std::max<std::uint64_t>(2, behaviour_.inboxes(p)));
  }
  const Exploration& e = behaviour_.setup().budget;
  for (const int budget : {e.crashes, e.losses, e.duplications, e.partitions})
    counts.push_back(static_cast<std::uint64_t>(std::max(budget, 0)) + 1);
  counts.push_back(behaviour_.splits().size());
  return counts;
}

int ProtocolWorlds::layout(int words) {
  Layout next = layout_for(counts(), words);
  const int needed = next.words;
  if (needed == words) layout_ = std::move(next);
  return needed;
}

bool ProtocolWorlds::fits() const {
  const std::vector<std::uint64_t> all = counts();
  for (std::size_t i = 0; i < all.size(); ++i)
    if (all[i] != 0 && all[i] - 1 > layout_.fields[i].mask) return false;
  return true;
}

namespace {

/// Type and contents of a message in 24 bits.
std::uint64_t digest(const MessageName& name) {
  if (name.failure) return 0xffffff;
  std::uint64_t x = name.message.word >> 8;
  x ^= x >> 32;
  x ^= x >> 16;
  return (name.message.word & 0xff) << 16 | (x & 0xffff);
}

Label make(Move move, ProcessId process, std::uint64_t detail, bool crash, std::uint64_t cut,
           const MessageName* message) {
  Label label = static_cast<Label>(move) << 60 | static_cast<Label>(process & 1023) << 50;
  if (message != nullptr) label |= static_cast<Label>(message->from & 1023) << 40;
  label |= (detail & 7) << 37 | static_cast<Label>(crash) << 36 | (cut & 0xfff) << 24;
  if (message != nullptr) label |= digest(*message);
  return label;
}

}  // namespace

Label label_of(Move move, ProcessId process, const Behaviour::Rule* rule,
               const MessageName* message) {
  const auto cut = static_cast<std::uint64_t>(rule->cut + 1) << 6 | (rule->variant & 63u);
  return make(move, process, rule->detail, rule->crashes, cut, message);
}

Label fault_label(Move move, ProcessId process, std::uint64_t detail, const MessageName* message) {
  if (message == nullptr) return static_cast<Label>(move) << 60 | (detail & 0xffffffffff);
  return make(move, process, detail, false, 0, message);
}

}  // namespace indoubt
