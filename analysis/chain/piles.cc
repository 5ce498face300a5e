#include "analysis/chain/piles.h"

namespace indoubt::markov {
namespace {

/// Fewer may be those of a protocol that says the same thing for two reasons.
constexpr std::size_t kManyCopies = 4;

}  // namespace

void Piles::add(const World& world) {
  std::size_t copies = 0;
  for (std::size_t i = 0; i < world.items.size(); ++i) {
    const bool same = i > 0 && world.items[i] == world.items[i - 1];
    copies = same ? copies + 1 : 1;
    if (world.items[i].kind != Item::Kind::deliver || world.items[i].stages == 0) continue;
    if (copies <= copies_) continue;
    copies_ = copies;
    item_ = world.items[i];
  }
}

std::string Piles::text(const Plan& plan) const {
  if (copies_ < kManyCopies) return "";
  const auto process = [&](ProcessId p) {
    return plan.scenario().process_name(p, plan.machine().auxiliary_name);
  };
  return "copies of " + std::string(plan.machine().message_name(Message{item_.word})) + " from " +
         process(item_.from) + " to " + process(item_.to) + " pile up (" + std::to_string(copies_) +
         " under way at once in one of them), since it is sent again, after a time-out or a "
         "restart, before they have come, and nothing bounds how often: make network.latency 0, or "
         "all times constant; let sites crash at points or times and not again and again; leave "
         "out the time-out that repeats it";
}

}  // namespace indoubt::markov
