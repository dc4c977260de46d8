#include "net/timers.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace basin::net {

void Timer::unlink() {
  if (!link_) return;
  *link_ = next_;
  if (next_) next_->link_ = link_;
  link_ = nullptr;
  next_ = nullptr;
}

void Timers::arm(Timer& timer, std::int64_t when_ms) {
  timer.unlink();
  timer.when_ms_ = when_ms;
  // Rounded up, so that a timer never fires early; a tick that is done would be looked at a whole turn later.
  std::int64_t tick = std::max((when_ms + kTickMs - 1) / kTickMs, done_tick_ + 1);
  auto slot = static_cast<std::size_t>(tick) % kSlots;
  timer.next_ = slots_[slot];
  timer.link_ = &slots_[slot];
  if (timer.next_) timer.next_->link_ = &timer.next_;
  slots_[slot] = &timer;
  used_[slot / 64] |= std::uint64_t{1} << (slot % 64);
}

void Timers::expire(std::int64_t now_ms) {
  std::int64_t now_tick = now_ms / kTickMs;
  if (now_tick <= done_tick_) return;
  // After a long sleep one look at each slot is enough.
  std::int64_t first = std::max(done_tick_ + 1, now_tick - static_cast<std::int64_t>(kSlots) + 1);
  for (std::int64_t tick = first; tick <= now_tick; ++tick) {
    done_tick_ = tick;
    auto slot = static_cast<std::size_t>(tick) % kSlots;
    if (used_[slot / 64] >> (slot % 64) & 1) fire_slot(slot, now_tick);
  }
}

void Timers::fire_slot(std::size_t slot, std::int64_t tick) {
  used_[slot / 64] &= ~(std::uint64_t{1} << (slot % 64));
  // The list moves to a local head: callbacks may arm into this slot, or unlink any timer of the batch.
  Timer* batch = std::exchange(slots_[slot], nullptr);
  if (batch) batch->link_ = &batch;
  while (batch) {
    Timer& timer = *batch;
    timer.unlink();
    if (timer.when_ms_ > tick * kTickMs)
      arm(timer, timer.when_ms_);  // a later turn's
    else
      timer.fire_(timer.owner_);
  }
}

int Timers::wait_ms(std::int64_t now_ms) const {
  std::int64_t tick = done_tick_ + 1;
  std::int64_t end = tick + static_cast<std::int64_t>(kSlots);
  while (tick < end) {
    auto slot = static_cast<std::size_t>(tick) % kSlots;
    std::uint64_t bits = used_[slot / 64] >> (slot % 64);
    if (bits == 0) {
      tick += 64 - static_cast<std::int64_t>(slot % 64);
      continue;
    }
    tick += std::countr_zero(bits);
    slot = static_cast<std::size_t>(tick) % kSlots;
    if (tick < end && slots_[slot]) return static_cast<int>(std::max<std::int64_t>(0, tick * kTickMs - now_ms));
    used_[slot / 64] &= ~(std::uint64_t{1} << (slot % 64));  // its timers were disarmed
    ++tick;
  }
  return -1;
}

}  // namespace basin::net
