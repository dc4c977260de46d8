#include "gateway/readings.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/sha256.h"
#include "net/event.h"

namespace basin::gateway {
namespace {

using Remembered = std::unordered_map<std::string, geometry::EncoderOutputs>;

// One ask that waits. `done` lives in the waiting coroutine, is set on its loop's thread, and may be gone by then.
struct Job {
  std::string ask, key;
  std::shared_ptr<net::Mailbox> mailbox;
  std::weak_ptr<net::Event> done;
};

// By what it is, not by a short hash: who could make two asks meet would have one decided by the other.
std::string key_of(std::string_view ask) { return base::sha256_hex(ask); }

}  // namespace

struct Readings::State {
  std::shared_ptr<const geometry::Encoder> encoder;
  mutable std::mutex mutex;
  std::condition_variable wanted;
  std::deque<Job> queue;
  // Two generations: when the young one is full it becomes the old one, and the old one is forgotten.
  Remembered young, old;
  std::uint64_t read = 0, skipped = 0;
  bool stopping = false;
  std::vector<std::jthread> threads;  // last: joined before the rest goes

  void remember(std::string key, const geometry::EncoderOutputs& outputs) {
    if (young.size() >= kCapacity / 2) old = std::exchange(young, {});
    young.insert_or_assign(std::move(key), outputs);
  }

  void work() {
    geometry::EncoderScratch scratch;
    std::unique_lock lock(mutex);
    for (;;) {
      wanted.wait(lock, [this] { return stopping || !queue.empty(); });
      if (stopping) return;
      Job job = std::move(queue.front());
      queue.pop_front();
      lock.unlock();
      const geometry::EncoderOutputs outputs = encoder->read(job.ask, scratch);
      lock.lock();
      remember(std::move(job.key), outputs);
      ++read;
      lock.unlock();
      net::post(*job.mailbox, [done = std::move(job.done)] {
        if (const auto waiting = done.lock()) waiting->set();
      });
      lock.lock();
    }
  }
};

Readings::Readings(std::shared_ptr<const geometry::Encoder> encoder, unsigned threads)
    : state_(std::make_unique<State>()) {
  state_->encoder = std::move(encoder);
  if (!state_->encoder) return;
  for (unsigned i = 0; i < threads; ++i) state_->threads.emplace_back([state = state_.get()] { state->work(); });
}

Readings::~Readings() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->stopping = true;
  }
  state_->wanted.notify_all();
}

std::optional<geometry::EncoderOutputs> Readings::known(std::string_view ask) const {
  if (!state_->encoder) return std::nullopt;
  const std::string key = key_of(ask);
  const std::lock_guard lock(state_->mutex);
  for (const Remembered* generation : {&state_->young, &state_->old}) {
    if (const auto found = generation->find(key); found != generation->end()) return found->second;
  }
  return std::nullopt;
}

net::Task<bool> Readings::read(net::Loop& loop, std::string ask) {
  if (!state_->encoder) co_return false;
  const auto done = std::make_shared<net::Event>(loop);
  {
    std::string key = key_of(ask);
    const std::lock_guard lock(state_->mutex);
    if (state_->queue.size() >= kQueueLimit) {
      ++state_->skipped;
      co_return false;
    }
    state_->queue.push_back({std::move(ask), std::move(key), loop.mailbox(), done});
  }
  state_->wanted.notify_one();
  const base::Status waited = co_await done->wait();
  co_return waited.ok();
}

std::uint64_t Readings::read_count() const {
  const std::lock_guard lock(state_->mutex);
  return state_->read;
}

std::uint64_t Readings::skipped_count() const {
  const std::lock_guard lock(state_->mutex);
  return state_->skipped;
}

}  // namespace basin::gateway
