#include "gateway/gateway.h"

#include <fmt/format.h>

#include <chrono>
#include <random>

#include "gateway/door.h"

namespace basin::gateway {
namespace {

// How often it is looked whether something changed. People save and look; two seconds feel like at once.
constexpr std::chrono::milliseconds kLookAgain(2'000);

std::int64_t unix_ms() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

}  // namespace

Gateway::Gateway(Options options) : options_(std::move(options)), shared_(std::random_device{}(), options_.model) {
  shared_.version = options_.version;
  shared_.started_ms = unix_ms();
  shared_.say = options_.say;
  shared_.reload = [this] { return reload(); };
}

Gateway::~Gateway() {
  {
    const std::lock_guard lock(ending_mutex_);
    ending_ = true;
  }
  ended_.notify_all();
  if (watcher_.joinable()) watcher_.join();
}

base::Result<std::unique_ptr<Gateway>> Gateway::open(std::shared_ptr<const Snapshot> first, Options options) {
  std::unique_ptr<Gateway> gateway(new Gateway(std::move(options)));
  gateway->snapshot_ = first;
  auto server =
      net::Server::open(first->serve, [self = gateway.get()](net::Loop& loop) -> std::unique_ptr<net::Service> {
        std::shared_ptr<const Snapshot> snapshot;
        {
          const std::lock_guard lock(self->mutex_);
          snapshot = self->snapshot_;
        }
        return std::make_unique<Door>(loop, self->shared_, std::move(snapshot));
      });
  if (!server.ok()) return server.error();
  gateway->server_ = std::move(*server);
  if (gateway->options_.changed) gateway->watcher_ = std::thread([self = gateway.get()] { self->watch(); });
  return gateway;
}

void Gateway::watch() {
  std::unique_lock lock(ending_mutex_);
  while (!ended_.wait_for(lock, kLookAgain, [this] { return ending_; })) {
    lock.unlock();
    if (options_.changed()) (void)reload();  // what it says, it says by itself
    lock.lock();
  }
}

void Gateway::run() { server_->run(); }

void Gateway::stop(std::uint32_t grace_ms) { server_->stop(grace_ms); }

base::Status Gateway::reload() {
  const std::lock_guard lock(mutex_);
  auto next = options_.load();
  if (!next.ok()) {
    if (options_.say) options_.say(fmt::format("reload: {}; nothing was changed", next.error().message));
    return next.error();
  }
  snapshot_ = *next;
  shared_.breaker.forget();  // keys, models and hosts may be others
  shared_.fussy.forget();
  server_->on_every_loop([snapshot = snapshot_](net::Service& service) { static_cast<Door&>(service).use(snapshot); });
  ++shared_.counters.reloads;
  if (options_.say) options_.say("reload: the new configuration serves from now on");
  return base::ok_status();
}

}  // namespace basin::gateway
