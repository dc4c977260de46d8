#include "gateway/door.h"

#include "gateway/exchange.h"

namespace basin::gateway {

Door::Door(net::Loop& loop, Shared& shared, std::shared_ptr<const Snapshot> snapshot)
    : loop_(loop), shared_(shared), snapshot_(std::move(snapshot)), pool_(loop, shared.tls) {}

net::Task<void> Door::exchange(net::ServerConnection& client) {
  Exchange exchange(*this, client);
  co_await exchange.run();
}

}  // namespace basin::gateway
