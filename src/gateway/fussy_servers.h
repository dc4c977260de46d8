// Servers that refuse fields which they have not heard of, found out by asking: translated requests to them keep to the
// oldest fields. Thread safe.
#pragma once

#include <cstddef>
#include <mutex>
#include <set>
#include <string>
#include <string_view>

namespace basin::gateway {

class FussyServers {
 public:
  // More than a catalogue has; past it nobody is remembered, which costs each request one refusal.
  static constexpr std::size_t kCapacity = 256;

  bool knows(std::string_view server) const {
    const std::lock_guard lock(mutex_);
    return servers_.contains(server);
  }
  void remember(std::string_view server) {
    const std::lock_guard lock(mutex_);
    if (servers_.size() < kCapacity) servers_.emplace(server);
  }
  // The configuration was loaded again: servers may have been brought up to date.
  void forget() {
    const std::lock_guard lock(mutex_);
    servers_.clear();
  }

 private:
  mutable std::mutex mutex_;
  std::set<std::string, std::less<>> servers_;
};

}  // namespace basin::gateway
