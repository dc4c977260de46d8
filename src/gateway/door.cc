#include "gateway/door.h"

#include <chrono>

#include "gateway/exchange.h"

namespace basin::gateway {

Door::Door(net::Loop& loop, Shared& shared, std::shared_ptr<const Snapshot> snapshot)
    : loop_(loop), shared_(shared), snapshot_(std::move(snapshot)), pool_(loop, shared.tls) {}

std::int64_t Door::unix_ms() const {
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

net::Task<void> Door::exchange(net::ServerConnection& client) {
  Exchange exchange(*this, client);
  co_await exchange.run();
}

}  // namespace basin::gateway
