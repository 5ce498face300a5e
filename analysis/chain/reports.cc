// A perfect failure detector: everybody who is up is told of a crash, after a delay, and not before
// the messages that were sent before it have been handled.
#include <algorithm>

#include "analysis/chain/happen.h"

namespace indoubt::markov {

void Happenings::report(ProcessId crashed, ProcessId told) {
  begin_item({.kind = Item::Kind::report, .from = crashed, .to = told}, *plan_.detection(), "");
}

void Happenings::report_crash(ProcessId crashed) {
  if (!plan_.detection()) return;
  for (ProcessId told = 0; told < machine_.processes; ++told)
    if (site(told).up) report(crashed, told);
}

/// Whoever comes back learns who is down.
void Happenings::report_to_restarted(ProcessId told) {
  if (!plan_.detection()) return;
  for (ProcessId p = 0; p < machine_.processes; ++p)
    if (!site(p).up) report(p, told);
}

/// Of a site that is up again: they take as long, and say nothing.
void Happenings::void_reports(ProcessId where) {
  if (!plan_.detection()) return;
  std::vector<Item> left;
  left.swap(world_->items);
  for (Item i : left) {
    if (i.kind == Item::Kind::report && plan_.network().site_of(i.from) == where) i.tag = 1;
    world_->add(i);
  }
}

void Happenings::tell(const Item& report) {
  if (report.tag != 0 || !site(report.to).up || site(report.from).up) return;
  if (under_way(report.from, report.to)) {
    process(report.to).awaited |= std::uint64_t{1} << report.from;
    return;
  }
  const Input in = Input::failure(report.from, report.to);
  react(report.to, in.head(), in.word());
}

/// Whether a message is on its way from one process to another, or waits there.
bool Happenings::under_way(ProcessId from, ProcessId to) const {
  const auto is_message = [&](const Held& h) {
    const Input in = Input::from_words(h.head, h.word);
    return in.kind() == Input::Kind::message && in.from() == from;
  };
  const auto& held = world_->processes[to].held;
  return std::any_of(held.begin(), held.end(), is_message) ||
         std::any_of(world_->items.begin(), world_->items.end(), [&](const Item& i) {
           // One that a cut has made void is on its way all the same.
           const bool message = i.kind == Item::Kind::deliver || i.kind == Item::Kind::idle;
           return message && i.from == from && i.to == to && from != to;
         });
}

void Happenings::release_reports() {
  for (ProcessId to = 0; to < machine_.processes; ++to)
    for (ProcessId from = 0; from < machine_.processes; ++from) {
      const std::uint64_t bit = std::uint64_t{1} << from;
      if ((process(to).awaited & bit) == 0 || under_way(from, to)) continue;
      process(to).awaited &= ~bit;
      Item item{.kind = Item::Kind::report, .from = from, .to = to};
      begin_item(item, {}, "");
    }
}

}  // namespace indoubt::markov
