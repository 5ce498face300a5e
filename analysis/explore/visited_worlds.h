#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <utility>

#include "analysis/explore/search_model.h"
#include "analysis/explore/search_workers.h"
#include "analysis/explore/world_bits.h"
#include "analysis/explore/world_set.h"

namespace indoubt {

/// The visited worlds of a search: a table that doubles, and for a DirectModel a bitmap from the
/// size on at which a table would take more than an eighth of the bitmap's bytes.
template <SearchModel M>
class VisitedWorlds {
 public:
  using World = typename M::World;

  explicit VisitedWorlds(const M& model)
      : table_(std::in_place, kFirstSlots), bits_used_(bits(model)) {
    INDOUBT_ASSERT(bits_used_ <= 62 && table_->valid());
  }

  /// Frees the memory; nothing else may be called then.
  void forget() {
    table_.reset();
    bitmap_.reset();
  }

  /// Calls f with the WorldSet or WorldBits that holds the worlds now.
  template <class F>
  decltype(auto) with_set(F&& f) {
    if constexpr (DirectModel<M>)
      if (bitmap_) return f(*bitmap_);
    return f(*table_);
  }

  std::uint64_t bytes() const { return bitmap_ ? bitmap_->bytes() : table_ ? table_->bytes() : 0; }
  /// So many worlds fit without long probes; beyond that, grow.
  std::uint64_t comfortable() const { return bitmap_ ? kUnlimited : table_->slots() / 8 * 5; }
  /// So many fit at all.
  std::uint64_t most() const { return bitmap_ ? kUnlimited : table_->slots() / 8 * 7; }
  std::uint64_t bytes_when_grown() const {
    return to_bitmap() ? SharedBits::bytes_of(codes()) : 2 * table_->bytes();
  }

  /// False if the system gave no memory. Nobody else may use the set meanwhile.
  bool grow(SearchWorkers& workers) {
    const auto same = [](const World& w) { return w; };
    if (!to_bitmap()) return rebuild(workers, 2 * table_->slots(), same);
    WorldBits<World> bitmap(bits_used_);
    if (!bitmap.valid()) return false;
    copy_all(workers, bitmap, same);
    bitmap_.emplace(std::move(bitmap));
    table_.reset();
    return true;
  }

  /// Replaces each world w by change(w), which must be injective. False if the system gave no
  /// memory.
  template <class Change>
  bool replace(SearchWorkers& workers, const Change& change) {
    return rebuild(workers, table_->slots(), change);
  }

 private:
  static constexpr std::size_t kFirstSlots = 1024;
  static constexpr std::uint64_t kUnlimited = std::numeric_limits<std::uint64_t>::max();
  static constexpr int kNoBits = -1;

  static int bits(const M& model) {
    if constexpr (DirectModel<M>) return model.bits();
    return kNoBits;
  }
  std::size_t codes() const { return std::size_t{1} << bits_used_; }
  bool to_bitmap() const {
    return bits_used_ >= 0 && bits_used_ <= kDirectBits &&
           2 * table_->bytes() >= SharedBits::bytes_of(codes()) / 8;
  }

  template <class Change>
  bool rebuild(SearchWorkers& workers, std::size_t slots, const Change& change) {
    WorldSet<World> table(slots);
    if (!table.valid()) return false;
    copy_all(workers, table, change);
    table_.emplace(std::move(table));
    return true;
  }

  template <class Other, class Change>
  void copy_all(SearchWorkers& workers, Other& other, const Change& change) {
    const std::size_t slots = table_->slots();
    const auto count = static_cast<std::size_t>(workers.count());
    if (slots <= 16 * kFirstSlots) return table_->copy_to(other, 0, slots, change);
    workers.run([&](int number) {
      const auto i = static_cast<std::size_t>(number);
      table_->copy_to(other, slots / count * i, i + 1 == count ? slots : slots / count * (i + 1),
                      change);
    });
  }

  std::optional<WorldSet<World>> table_;
  std::optional<WorldBits<World>> bitmap_;
  int bits_used_;
};

}  // namespace indoubt
