#include "analysis/explore/search_workers.h"

#include "sim/process/assert.h"

namespace indoubt {

SearchWorkers::SearchWorkers(int count) : count_(count) { INDOUBT_ASSERT(count >= 1); }

SearchWorkers::~SearchWorkers() {
  {
    const std::lock_guard lock(mutex_);
    quit_ = true;
  }
  wake_.notify_all();
  for (std::thread& t : threads_) t.join();
}

void SearchWorkers::run(const std::function<void(int)>& job) {
  if (threads_.empty()) start();
  {
    const std::lock_guard lock(mutex_);
    job_ = &job;
    busy_ = count_ - 1;
    ++round_;
  }
  wake_.notify_all();
  job(0);
  std::unique_lock lock(mutex_);
  done_.wait(lock, [&] { return busy_ == 0; });
}

void SearchWorkers::start() {
  for (int i = 1; i < count_; ++i) threads_.emplace_back([this, i] { serve(i); });
}

void SearchWorkers::serve(int number) {
  for (std::uint64_t seen = 0;;) {
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [&] { return quit_ || round_ != seen; });
    if (quit_) return;
    seen = round_;
    const std::function<void(int)>& job = *job_;
    lock.unlock();
    job(number);
    lock.lock();
    if (--busy_ == 0) done_.notify_one();
  }
}

}  // namespace indoubt
