// The pins: which tier each branch of each conversation is on. A pin is why a conversation does not hop between models:
// each hop would cost a full uncached re-read of its history.
#pragma once

#include <cstdint>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace basin::gateway {

struct SessionPin {
  std::string tier;               // by name: a reload may reorder the tiers
  std::string turn;               // id of the person's turn that was served last, if the client tells it
  std::int64_t last_used_ms = 0;  // monotonic
};

// Thread safe. Bounded: past the capacity the branch used longest ago is forgotten, which costs it its pin, no more.
class Sessions {
 public:
  // A laptop has dozens of live branches, a team thousands; a pin is about 200 bytes.
  static constexpr std::size_t kCapacity = 20'000;
  // After five quiet minutes a vendor's default prompt cache is gone (WIRE: ttl "5m").
  static constexpr std::int64_t kWarm_ms = 5 * 60 * 1000;
  // A pin nobody used for a day is forgotten even below the capacity.
  static constexpr std::int64_t kForget_ms = 24 * 60 * 60 * 1000;

  explicit Sessions(std::size_t capacity = kCapacity) : capacity_(capacity) {}

  // The branch's pin, unless it is too old. now_ms is monotonic.
  std::optional<SessionPin> find(std::uint64_t key, std::int64_t now_ms);
  // Sets or replaces the branch's pin.
  void keep(std::uint64_t key, SessionPin pin);
  std::size_t size() const;

  // One branch of one conversation of one client. Stable across restarts and machines (FNV-1a).
  static std::uint64_t key_of(std::string_view client, std::string_view session, std::string_view branch);

 private:
  struct Entry {
    std::uint64_t key;
    SessionPin pin;
  };
  const std::size_t capacity_;
  mutable std::mutex mutex_;
  std::list<Entry> by_age_;  // most recently used first
  std::unordered_map<std::uint64_t, std::list<Entry>::iterator> by_key_;
};

}  // namespace basin::gateway
