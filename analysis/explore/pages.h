#pragma once
#include <cstddef>

namespace indoubt {

/// Zeroed memory, owned; from the system's huge pages where it is large. Untouched parts cost
/// nothing.
class Pages {
 public:
  Pages() = default;
  /// `bytes` zero bytes, aligned to a cache line; empty() if the system refuses them.
  static Pages zeroed(std::size_t bytes);
  Pages(Pages&& other) noexcept;
  Pages& operator=(Pages&& other) noexcept;
  ~Pages();

  bool empty() const { return data_ == nullptr; }
  std::size_t bytes() const { return bytes_; }
  void* data() const { return data_; }

 private:
  void release();

  void* data_ = nullptr;
  std::size_t bytes_ = 0;
};

}  // namespace indoubt
