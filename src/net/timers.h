// A wheel of timers: armed and disarmed in O(1), one slot per tick.
//
// Nearly every timer here is a deadline that never fires: a header that must be whole in 30 s, a body that must go on
// within 60. They are armed and disarmed with every read, so that must cost a few stores, not a system call and not a
// heap. The wheel has kSlots slots of kTickMs; a timer hangs in the slot of its time modulo one turn, in a doubly
// linked list through the timers themselves. A timer further away than one turn is looked at once per turn and left. A
// bitmap of used slots tells how long the loop may sleep. Price: a timer fires up to one tick late.
#pragma once

#include <array>
#include <cstdint>

namespace basin::net {

// One timer, owned by who waits, at a fixed address while armed. Fires once.
class Timer {
 public:
  using Fire = void (*)(void* owner);
  Timer(Fire fire, void* owner) : fire_(fire), owner_(owner) {}
  ~Timer() { unlink(); }
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;
  bool armed() const { return link_ != nullptr; }

 private:
  friend class Timers;
  void unlink();

  Fire fire_;
  void* owner_;
  std::int64_t when_ms_ = 0;
  Timer* next_ = nullptr;
  Timer** link_ = nullptr;  // what points at us; null when not armed
};

// See above.
class Timers {
 public:
  static constexpr std::int64_t kTickMs = 10;  // finer than any deadline of ours needs, coarse enough to be free
  static constexpr std::size_t kSlots = 1024;  // one turn is 10 s: most deadlines are looked at once or a few times

  explicit Timers(std::int64_t now_ms) : done_tick_(now_ms / kTickMs) {}
  Timers(const Timers&) = delete;
  Timers& operator=(const Timers&) = delete;

  // Arms, or moves an armed timer. A time that has passed fires with the next expire().
  void arm(Timer& timer, std::int64_t when_ms);
  void disarm(Timer& timer) { timer.unlink(); }

  // Fires what is due. A callback may arm and disarm any timer and destroy its own.
  void expire(std::int64_t now_ms);

  // Milliseconds until expire() might have work; -1 when no timer is armed.
  int wait_ms(std::int64_t now_ms) const;

 private:
  void fire_slot(std::size_t slot, std::int64_t tick);

  std::int64_t done_tick_;  // every timer of this tick or earlier has fired
  mutable std::array<std::uint64_t, kSlots / 64> used_{};
  std::array<Timer*, kSlots> slots_{};
};

}  // namespace basin::net
