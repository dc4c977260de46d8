// Slots: how many requests a server has at once, and the queue of those that wait for one.
//
// A local server has room for a few answers at a time. What comes beyond that it queues out of sight, slows all down,
// or turns away; so they wait here, in the order in which they came, where the place in the queue can be told, and
// where a client that hangs up leaves the queue at that moment. A slot is a Lease: whoever holds it has it, and it goes
// back when the Lease ends, however and on whichever thread that happens.
//
// The one who gives a slot back hands it to the first who waits, under one lock and before that one's thread has woken;
// so a newcomer never overtakes, and whoever gives up meanwhile finds the slot in his hands and gives it back again.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "net/loop.h"
#include "net/task.h"

namespace basin::gateway {

// Any thread unless said otherwise. Leases may outlive it.
class Slots {
 public:
  // Requests that wait for one server: with answers of ten seconds, the last of them waits for one slot as long as
  // clients wait for an answer, ten minutes.
  static constexpr std::size_t kQueueLimit = 60;
  // Servers remembered while nothing of theirs is under way, with how long they take: more than a catalogue has.
  static constexpr std::size_t kCapacity = 256;
  // How much the last answer counts in the mean time that a slot is held: the last ten or so make it.
  static constexpr double kLastCounts = 0.2;

  class Lease;
  class Wait;
  // Milliseconds of a steady clock, any thread.
  using Clock = std::function<std::int64_t()>;

  // A server now, for people to look at.
  struct Row {
    std::string server;
    unsigned limit = 0;  // as the last take() said; 0: none
    std::size_t busy = 0;
    std::size_t waiting = 0;
    std::uint64_t turned_away = 0;         // since the start: the queue was full
    std::optional<std::uint64_t> held_ms;  // how long a slot is held, about
    std::optional<std::uint64_t> wait_ms;  // how long one who came now would wait, about
  };

  // Without a clock: the machine's.
  explicit Slots(Clock clock = {});

  // A slot of the server, which is given to at most `limit` at once (0: no limit, nobody waits). The limit counts from
  // now on: a higher one lets those in who wait, a lower one holds the next back. max_wait_ms 0: as long as it takes.
  // Errors: busy (kQueueLimit wait already), timeout (waited max_wait_ms), cancelled (by wait.cancel(), or the loop
  // stops). On the loop's thread; `wait` must live until the task ends, and is for one take() at a time.
  net::Task<base::Result<Lease>> take(net::Loop& loop, std::string server, unsigned limit, std::uint32_t max_wait_ms,
                                      Wait& wait);

  // Every server remembered, by name.
  std::vector<Row> rows() const;

 private:
  struct Server;
  struct Place;
  struct State;
  std::shared_ptr<State> state_;
};

// One slot, or none. It goes back when the Lease ends; any thread, one at a time.
class Slots::Lease {
 public:
  Lease() = default;
  Lease(Lease&& other) noexcept;
  Lease& operator=(Lease&& other) noexcept;
  ~Lease() { release(); }

  explicit operator bool() const { return state_ != nullptr; }
  // Gives the slot back now; none is left.
  void release();

 private:
  friend class Slots;
  std::shared_ptr<State> state_;
  Server* server_ = nullptr;
  std::int64_t since_ms_ = 0;
};

// One who waits: how to give up, and how far he has come. On the loop's thread, before, during and after take().
class Slots::Wait {
 public:
  Wait() = default;
  Wait(const Wait&) = delete;
  Wait& operator=(const Wait&) = delete;

  // Leaves the queue at once, and take() ends soon with `cancelled`; so does every later take().
  void cancel();
  // 1: the next to get a slot; 0: does not wait (any more).
  std::size_t position() const;
  // How long he will wait from now, about; empty where he does not wait or no slot was ever given back.
  std::optional<std::uint64_t> expected_ms() const;

 private:
  friend class Slots;
  bool cancelled_ = false;
  std::shared_ptr<State> state_;
  Place* place_ = nullptr;  // while take() waits
};

}  // namespace basin::gateway
