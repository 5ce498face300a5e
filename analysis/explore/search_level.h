#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace indoubt {

/// Worlds in blocks of up to kBlock, the unit of work of a thread. `next` is the first one that has
/// not been expanded.
template <class World>
struct WorldBlock {
  std::unique_ptr<World[]> worlds;
  std::uint32_t next = 0, end = 0;

  bool expanded() const { return next == end; }
};

/// Buffers of blocks that are done, to be used again by the same thread.
template <class World>
class BlockBuffers {
 public:
  static constexpr std::uint32_t kBlock = 1024;

  std::unique_ptr<World[]> take() {
    if (free_.empty()) return std::unique_ptr<World[]>(new World[kBlock]);
    std::unique_ptr<World[]> buffer = std::move(free_.back());
    free_.pop_back();
    return buffer;
  }
  void give(std::unique_ptr<World[]> buffer) { free_.push_back(std::move(buffer)); }

 private:
  std::vector<std::unique_ptr<World[]>> free_;
};

/// The worlds at one depth, or a part of them, in no particular order.
template <class World>
class Level {
 public:
  using Block = WorldBlock<World>;

  std::uint64_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  std::vector<Block>& blocks() { return blocks_; }
  const std::vector<Block>& blocks() const { return blocks_; }

  void push(const World& w, BlockBuffers<World>& buffers) {
    if (blocks_.empty() || blocks_.back().end == BlockBuffers<World>::kBlock)
      blocks_.push_back({buffers.take(), 0, 0});
    Block& block = blocks_.back();
    block.worlds[block.end++] = w;
    ++size_;
  }
  /// Takes over all worlds of `other`, which becomes empty.
  void append(Level&& other) {
    for (Block& block : other.blocks_) blocks_.push_back(std::move(block));
    size_ += std::exchange(other.size_, 0);
    other.blocks_.clear();
  }
  bool expanded() const {
    for (const Block& block : blocks_)
      if (!block.expanded()) return false;
    return true;
  }
  /// Calls f(w) for each world, which may be changed. A block whose worlds were given away is
  /// skipped.
  template <class F>
  void for_each(const F& f) {
    for (Block& block : blocks_)
      if (block.worlds)
        for (std::uint32_t i = 0; i < block.end; ++i) f(block.worlds[i]);
  }

 private:
  std::vector<Block> blocks_;
  std::uint64_t size_ = 0;
};

}  // namespace indoubt
