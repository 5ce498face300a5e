#include "sim/process/effect.h"

#include <algorithm>

#include "sim/process/assert.h"

namespace indoubt {

void Effects::push(const Effect& e) {
  INDOUBT_ASSERT(size_ < kMostEffects);
  effects_[static_cast<std::size_t>(size_++)] = e;
}

void Effects::send_set(std::span<const ProcessId> to, Message m) {
  INDOUBT_ASSERT(members_size_ + static_cast<int>(to.size()) <= kMostDestinations);
  push({Effect::Kind::send_set, 0, static_cast<ProcessId>(members_size_),
        static_cast<std::uint16_t>(to.size()), m.word});
  std::copy(to.begin(), to.end(), members_.begin() + members_size_);
  members_size_ += static_cast<int>(to.size());
}

void Effects::replay(Sink& sink, int first) const {
  for (int i = first; i < size_; ++i) {
    const Effect& e = (*this)[i];
    switch (e.kind) {
      case Effect::Kind::send: sink.send(e.to, Message{e.word}); break;
      case Effect::Kind::send_set: sink.send_set(members(e), Message{e.word}); break;
      case Effect::Kind::prepare: sink.prepare(); break;
      case Effect::Kind::vote: sink.vote(static_cast<LocalVote>(e.tag)); break;
      case Effect::Kind::force: sink.force(e.word); break;
      case Effect::Kind::log: sink.log(e.word); break;
      case Effect::Kind::set_timer: sink.set_timer(e.tag); break;
      case Effect::Kind::cancel_timer: sink.cancel_timer(e.tag); break;
      case Effect::Kind::decide:
        sink.decide(static_cast<Outcome>(e.tag), static_cast<AbortCause>(e.to));
        break;
      case Effect::Kind::forget: sink.forget(); break;
    }
  }
}

bool Effects::operator==(const Effects& o) const {
  if (size_ != o.size_) return false;
  for (int i = 0; i < size_; ++i) {
    if (!((*this)[i] == o[i])) return false;
    if ((*this)[i].kind != Effect::Kind::send_set) continue;
    const auto mine = members((*this)[i]), others = o.members(o[i]);
    if (!std::equal(mine.begin(), mine.end(), others.begin(), others.end())) return false;
  }
  return true;
}

}  // namespace indoubt
