#include "sim/engine/ladder_events.h"

#include <algorithm>
#include <bit>

namespace indoubt {

void LadderEvents::add_chunk(Epoch& e) {
  std::uint32_t c = free_;
  if (c == kNone) {
    c = static_cast<std::uint32_t>(chunks_.size());
    chunks_.emplace_back();
  } else {
    free_ = chunks_[c].next;
  }
  (e.tail == kNone ? e.head : chunks_[e.tail].next) = c;
  chunks_[c].next = kNone;
  e.tail = c;
  e.in_tail = 0;
}

// In order of arrival, so that events of one time come out sorted already: with constant delays
// reversed chunks would make the insertion sort quadratic.
template <class F>
void LadderEvents::for_each(const Epoch& e, F&& f) const {
  for (std::uint32_t c = e.head; c != kNone; c = chunks_[c].next) {
    const std::uint32_t n = c == e.tail ? e.in_tail : kChunk;
    for (std::uint32_t i = 0; i < n; ++i) f(chunks_[c].key[i]);
  }
}

void LadderEvents::release(Epoch& e) {
  if (e.head != kNone) {
    chunks_[e.tail].next = free_;
    free_ = e.head;
  }
  in_ring_ -= e.count;
  e = {};
}

void LadderEvents::advance() {
  if (seen_ >= kReview || current_ - reviewed_at_ >= kReview / 8) {
    review(current_ - reviewed_at_, seen_);
  }
  for (;;) {
    if (in_ring_ == 0)
      jump_to_first_far();
    else if ((current_ & mask_ >> 1) == 0 && !far_.empty())
      refill_from_far();
    Epoch& e = ring_[current_ & mask_];
    const std::uint64_t count = e.count;
    if (count > 1024 && count * count > 256 * size_ && review(1, count)) continue;  // far too wide
    const std::uint64_t epoch = current_++;
    if (count != 0) return sort(e, epoch);
  }
}

void LadderEvents::jump_to_first_far() {
  std::int64_t first = far_.front().at;
  for (const EventKey& k : far_) first = std::min(first, k.at);
  current_ = static_cast<std::uint64_t>(first) >> shift_;
  refill_from_far();
}

// Counting sort on the leading bits within the epoch, then by the whole key.
void LadderEvents::sort(Epoch& e, std::uint64_t epoch) {
  const std::size_t n = e.count;
  if (run_.size() < n) run_.resize(std::max(n, 2 * run_.size()));
  head_ = 0;
  run_end_ = n;
  seen_ += n;
  const int bits = std::min(static_cast<int>(std::bit_width(n - 1)), shift_);
  const int down = shift_ - bits;
  const std::uint64_t base = epoch << shift_;
  auto bucket = [&](const EventKey& k) {
    return (static_cast<std::uint64_t>(k.at) - base) >> down;
  };
  place_.assign((std::size_t{1} << bits) + 1, 0);
  for_each(e, [&](const EventKey& k) { ++place_[bucket(k) + 1]; });
  for (std::size_t b = 1; b < place_.size(); ++b) place_[b] += place_[b - 1];
  for_each(e, [&](const EventKey& k) { run_[place_[bucket(k)]++] = k; });
  release(e);
  sort_run();
}

// Insertion sort, since little is out of place as a rule. Many deliveries and time-outs of one
// instant would make it quadratic: past a few places for each event it gives up. All keys differ,
// so the order does not depend on the method.
void LadderEvents::sort_run() {
  const std::size_t n = run_end_, most = 16 * n;
  std::size_t moved = 0;
  for (std::size_t i = 1; i < n && moved <= most; ++i) {
    if (!(run_[i] < run_[i - 1])) continue;
    const EventKey moving = run_[i];
    std::size_t j = i;
    for (; j > 0 && moving < run_[j - 1]; --j) run_[j] = run_[j - 1];
    run_[j] = moving;
    moved += i - j;
  }
  places_moved_ += moved;
  if (moved > most) std::sort(run_.begin(), run_.begin() + static_cast<std::ptrdiff_t>(n));
}

void LadderEvents::refill_from_far() {
  std::size_t kept = 0;
  for (const EventKey& k : far_) {
    const std::uint64_t epoch = static_cast<std::uint64_t>(k.at) >> shift_;
    if (epoch - current_ <= mask_)
      append(ring_[epoch & mask_], k);
    else
      far_[kept++] = k;
  }
  far_.resize(kept);
}

int LadderEvents::best_shift(std::uint64_t epochs, std::uint64_t events) const {
  const double span = static_cast<double>(epochs) * static_cast<double>(std::uint64_t{1} << shift_);
  const double gap = span / static_cast<double>(std::max<std::uint64_t>(events, 1));
  std::uint64_t root = 1;
  while (root * root < size_) root *= 2;
  const double best = gap * 2 * static_cast<double>(root);
  int shift = 0;
  while (shift < 50 && static_cast<double>(std::uint64_t{1} << shift) * 1.41 < best) ++shift;
  return shift;
}

// Called between epochs, when run_ and late_ are empty. Not every burst deserves a rebuild: three
// reviews must agree, unless the width is off by more than a factor of eight.
bool LadderEvents::review(std::uint64_t epochs, std::uint64_t events) {
  const int shift = best_shift(epochs, events);
  const int off = shift > shift_ ? shift - shift_ : shift_ - shift;
  seen_ = 0;
  disagreements_ = off > 1 ? disagreements_ + 1 : 0;
  const bool wrong = disagreements_ >= 3 || off > 3;
  if (wrong) rebuild(shift);
  reviewed_at_ = current_;
  return wrong;
}

void LadderEvents::rebuild(int shift) {
  ++rebuilds_;
  disagreements_ = 0;
  std::vector<EventKey> all;
  all.swap(far_);
  for (Epoch& e : ring_) {
    for_each(e, [&](const EventKey& k) { all.push_back(k); });
    release(e);
  }
  current_ = shift > shift_ ? current_ >> (shift - shift_) : current_ << (shift_ - shift);
  shift_ = shift;
  head_ = run_end_ = 0;
  std::size_t epochs = kLeastRing;
  while (epochs < kMostRing && epochs * epochs < 256 * size_) epochs *= 2;
  ring_.assign(epochs, {});
  mask_ = epochs - 1;
  size_ -= all.size();
  for (const EventKey& k : all) push(k);
}

}  // namespace indoubt
