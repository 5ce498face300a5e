#include "tests/support/allocations.h"

#include <malloc.h>

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

std::atomic<std::uint64_t> calls{0}, bytes{0}, live{0}, peak{0};

void* counted(std::size_t size) {
  calls.fetch_add(1, std::memory_order_relaxed);
  bytes.fetch_add(size, std::memory_order_relaxed);
  void* p = std::malloc(size == 0 ? 1 : size);
  if (p == nullptr) throw std::bad_alloc();
  const std::uint64_t now = live.fetch_add(malloc_usable_size(p)) + malloc_usable_size(p);
  if (now > peak.load()) peak.store(now);
  return p;
}

void freed(void* p) {
  if (p != nullptr) live.fetch_sub(malloc_usable_size(p));
  std::free(p);
}

}  // namespace

namespace indoubt {
std::uint64_t allocations() { return calls.load(); }
std::uint64_t allocated_bytes() { return bytes.load(); }
std::uint64_t take_peak_bytes() { return peak.exchange(live.load()); }
}  // namespace indoubt

void* operator new(std::size_t size) { return counted(size); }
void* operator new[](std::size_t size) { return counted(size); }
void operator delete(void* p) noexcept { freed(p); }
void operator delete[](void* p) noexcept { freed(p); }
void operator delete(void* p, std::size_t) noexcept { freed(p); }
void operator delete[](void* p, std::size_t) noexcept { freed(p); }
