#pragma once
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace indoubt {

/// A fixed crew of threads that do one job at a time together. The threads start with the first job
/// that wants them, so that a small search starts none. Used from one thread.
class SearchWorkers {
 public:
  /// Requires count >= 1; the caller's thread is number 0.
  explicit SearchWorkers(int count);
  ~SearchWorkers();
  SearchWorkers(const SearchWorkers&) = delete;
  SearchWorkers& operator=(const SearchWorkers&) = delete;

  int count() const { return count_; }
  /// Calls job(i) on thread i for all i in [0, count), number 0 here; returns when all have ended.
  /// What one job wrote, every later one sees. The job must not throw.
  void run(const std::function<void(int)>& job);

 private:
  void start();
  void serve(int number);

  int count_;
  std::vector<std::thread> threads_;
  std::mutex mutex_;
  std::condition_variable wake_, done_;
  const std::function<void(int)>* job_ = nullptr;
  std::uint64_t round_ = 0;  ///< number of the current job
  int busy_ = 0;
  bool quit_ = false;
};

}  // namespace indoubt
