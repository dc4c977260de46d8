// Jobs done on several threads, their results taken in the order in which the jobs were given: what turns a stream into
// a stream on all cores. How much is within is the owner's to bound, by taking before giving; so memory stays flat.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace basin::lab {

// give() and take() are for one thread, the owner's; each worker runs on a thread of its own and may keep scratch.
template <class Job, class Result>
class OrderedPool {
 public:
  using Worker = std::function<Result(const Job&)>;

  // REQUIRES: at least one worker; none throws.
  explicit OrderedPool(std::vector<Worker> workers) {
    for (Worker& worker : workers) threads_.emplace_back([this, work = std::move(worker)] { run(work); });
  }
  // Ends the threads; jobs that nobody has begun are dropped.
  ~OrderedPool() {
    {
      const std::lock_guard lock(mutex_);
      ended_ = true;
    }
    given_.notify_all();
  }
  OrderedPool(const OrderedPool&) = delete;
  OrderedPool& operator=(const OrderedPool&) = delete;

  void give(Job job) {
    {
      const std::lock_guard lock(mutex_);
      waiting_.push_back(slots_.emplace_back(std::make_unique<Slot>(Slot{std::move(job), std::nullopt})).get());
    }
    given_.notify_one();
  }

  // Jobs given whose results were not taken.
  std::size_t within() const { return slots_.size(); }

  // The oldest job's result: waits for it, or, where `wait` is false, gives nothing when it is not there yet. Nothing
  // when no job is within.
  std::optional<Result> take(bool wait = true) {
    if (slots_.empty()) return std::nullopt;
    std::unique_lock lock(mutex_);
    Slot& oldest = *slots_.front();
    if (!wait && !oldest.result) return std::nullopt;
    done_.wait(lock, [&] { return oldest.result.has_value(); });
    std::optional<Result> result = std::move(oldest.result);
    slots_.pop_front();
    return result;
  }

 private:
  struct Slot {
    Job job;
    std::optional<Result> result;
  };

  void run(const Worker& work) {
    std::unique_lock lock(mutex_);
    for (;;) {
      given_.wait(lock, [&] { return ended_ || !waiting_.empty(); });
      if (ended_) return;
      Slot* const slot = waiting_.front();
      waiting_.pop_front();
      lock.unlock();
      Result result = work(slot->job);
      lock.lock();
      slot->result = std::move(result);
      done_.notify_one();
    }
  }

  std::mutex mutex_;
  std::condition_variable given_, done_;
  std::deque<std::unique_ptr<Slot>> slots_;  // oldest first; only the owner changes or walks it
  std::deque<Slot*> waiting_;                // of them, those nobody has begun
  bool ended_ = false;
  std::vector<std::jthread> threads_;  // last: they end before what they use does
};

}  // namespace basin::lab
