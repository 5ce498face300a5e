#include "analysis/explore/pages.h"

#include <sys/mman.h>

#include <cstdlib>
#include <cstring>
#include <utility>

namespace indoubt {
namespace {

constexpr std::size_t kHugePage = std::size_t{2} << 20;
constexpr std::size_t kLine = 64;

void* small_pages(std::size_t bytes) {
  void* data = std::aligned_alloc(kLine, (bytes + kLine - 1) / kLine * kLine);
  if (data != nullptr) std::memset(data, 0, bytes);
  return data;
}

void* mapped_pages(std::size_t bytes) {
  void* data = mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (data == MAP_FAILED) return nullptr;
  madvise(data, bytes, MADV_HUGEPAGE);  // advice only: without it the search is slower, not wrong
  return data;
}

}  // namespace

Pages Pages::zeroed(std::size_t bytes) {
  Pages pages;
  pages.bytes_ = bytes;
  pages.data_ = bytes < kHugePage ? small_pages(bytes) : mapped_pages(bytes);
  return pages;
}

Pages::Pages(Pages&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), bytes_(std::exchange(other.bytes_, 0)) {}

Pages& Pages::operator=(Pages&& other) noexcept {
  if (this == &other) return *this;
  release();
  data_ = std::exchange(other.data_, nullptr);
  bytes_ = std::exchange(other.bytes_, 0);
  return *this;
}

Pages::~Pages() { release(); }

void Pages::release() {
  if (data_ == nullptr) return;
  if (bytes_ < kHugePage)
    std::free(data_);
  else
    munmap(data_, bytes_);
  data_ = nullptr;
}

}  // namespace indoubt
