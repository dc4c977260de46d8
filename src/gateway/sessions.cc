#include "gateway/sessions.h"

namespace basin::gateway {

std::optional<SessionPin> Sessions::find(std::uint64_t key, std::int64_t now_ms) {
  const std::lock_guard lock(mutex_);
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) return std::nullopt;
  if (now_ms - found->second->pin.last_used_ms > kForget_ms) {
    by_age_.erase(found->second);
    by_key_.erase(found);
    return std::nullopt;
  }
  return found->second->pin;
}

void Sessions::keep(std::uint64_t key, SessionPin pin) {
  const std::lock_guard lock(mutex_);
  if (const auto found = by_key_.find(key); found != by_key_.end()) {
    found->second->pin = std::move(pin);
    by_age_.splice(by_age_.begin(), by_age_, found->second);
    return;
  }
  by_age_.push_front({key, std::move(pin)});
  by_key_.emplace(key, by_age_.begin());
  if (by_key_.size() > capacity_) {
    by_key_.erase(by_age_.back().key);
    by_age_.pop_back();
  }
}

std::size_t Sessions::size() const {
  const std::lock_guard lock(mutex_);
  return by_key_.size();
}

std::uint64_t Sessions::key_of(std::string_view client, std::string_view session, std::string_view branch) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  const auto add = [&hash](std::string_view text) {
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    hash = (hash ^ 0xffU) * 0x100000001b3ULL;  // a separator that no UTF-8 text holds
  };
  add(client);
  add(session);
  add(branch);
  return hash;
}

}  // namespace basin::gateway
