#include "gateway/slots.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <deque>
#include <map>
#include <mutex>
#include <utility>

#include "net/event.h"

namespace basin::gateway {
namespace {

using base::Code;
using base::fail;

std::int64_t steady_ms() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
}

}  // namespace

// One server. At a fixed address while a lease or a place is of it.
struct Slots::Server {
  unsigned limit = 0;
  std::size_t busy = 0;
  std::deque<Place*> queue;
  std::uint64_t turned_away = 0;
  std::optional<double> held_ms;  // mean

  bool has_room() const { return limit == 0 || busy < limit; }
  bool idle() const { return busy == 0 && queue.empty(); }

  void note_held(std::int64_t ms) {
    const auto last = static_cast<double>(std::max<std::int64_t>(ms, 0));
    held_ms = held_ms ? *held_ms + kLastCounts * (last - *held_ms) : last;
  }

  // Slots come free every held_ms / limit on average, and the one at `position` takes as many of them.
  std::optional<std::uint64_t> wait_ms(std::size_t position) const {
    if (position == 0 || limit == 0) return 0;
    if (!held_ms) return std::nullopt;
    return static_cast<std::uint64_t>(std::llround(*held_ms * static_cast<double>(position) / limit));
  }
};

// One who waits. Made and ended on his loop's thread; in the queue, and so in reach of others, only while his take()
// waits. What is not const is guarded by the State's mutex, but for `turn`, which is his thread's.
struct Slots::Place {
  explicit Place(net::Loop& loop) : mailbox(loop.mailbox()), turn(loop) {}

  const std::shared_ptr<net::Mailbox> mailbox;
  net::Event turn;  // set when the wait is over
  std::weak_ptr<Place> self;
  Server* server = nullptr;
  bool holds_slot = false;
};

struct Slots::State {
  explicit State(Clock with) : clock(std::move(with)) {}

  using Woken = std::vector<std::pair<std::shared_ptr<net::Mailbox>, std::weak_ptr<Place>>>;
  enum class Joined : std::uint8_t { has_slot, waits, turned_away };

  const Clock clock;
  mutable std::mutex mutex;
  std::map<std::string, Server, std::less<>> servers;

  // All of these are called with the mutex held.
  Server& server_named(const std::string& name);
  static void hand_out(Server& server, Woken& woken);
  static std::size_t position_of(const Place& place);
  static bool unqueue(Place& place);

  // These take it themselves.
  Joined join(Place& place, const std::string& name, unsigned limit);
  void withdraw(Place& place);
  bool leave(Place& place);
  void give_back(Server& server, std::optional<std::int64_t> since_ms);

  static void wake(const Woken& woken);
};

// Makes room first: an idle server's mean is all that is lost.
Slots::Server& Slots::State::server_named(const std::string& name) {
  if (const auto found = servers.find(name); found != servers.end()) return found->second;
  if (servers.size() >= kCapacity) {
    const auto idle = std::find_if(servers.begin(), servers.end(), [](const auto& one) { return one.second.idle(); });
    if (idle != servers.end()) servers.erase(idle);
  }
  return servers[name];
}

void Slots::State::hand_out(Server& server, Woken& woken) {
  while (!server.queue.empty() && server.has_room()) {
    Place& first = *server.queue.front();
    server.queue.pop_front();
    ++server.busy;
    first.holds_slot = true;
    woken.emplace_back(first.mailbox, first.self);
  }
}

// Without the mutex: a mailbox has one of its own.
void Slots::State::wake(const Woken& woken) {
  for (const auto& [mailbox, waiting] : woken) {
    net::post(*mailbox, [waiting] {
      if (const auto place = waiting.lock()) place->turn.set();
    });
  }
}

std::size_t Slots::State::position_of(const Place& place) {
  const auto& queue = place.server->queue;
  const auto found = std::find(queue.begin(), queue.end(), &place);
  return found == queue.end() ? 0 : static_cast<std::size_t>(found - queue.begin()) + 1;
}

bool Slots::State::unqueue(Place& place) {
  auto& queue = place.server->queue;
  const auto found = std::find(queue.begin(), queue.end(), &place);
  if (found == queue.end()) return false;
  queue.erase(found);
  return true;
}

Slots::State::Joined Slots::State::join(Place& place, const std::string& name, unsigned limit) {
  Woken woken;
  Joined joined = Joined::waits;
  {
    const std::lock_guard lock(mutex);
    Server& server = server_named(name);
    place.server = &server;
    server.limit = limit;
    hand_out(server, woken);  // a higher limit lets those in first who wait
    if (server.has_room()) {  // so nobody waits
      ++server.busy;
      joined = Joined::has_slot;
    } else if (server.queue.size() >= kQueueLimit) {
      ++server.turned_away;
      joined = Joined::turned_away;
    } else {
      server.queue.push_back(&place);
    }
  }
  wake(woken);
  return joined;
}

void Slots::State::withdraw(Place& place) {
  const std::lock_guard lock(mutex);
  unqueue(place);
}

// The end of a wait, however it ended; true when he has a slot.
bool Slots::State::leave(Place& place) {
  const std::lock_guard lock(mutex);
  if (!place.holds_slot) unqueue(place);
  return place.holds_slot;
}

// since_ms is empty where the slot was never used: that tells nothing of how long one is held.
void Slots::State::give_back(Server& server, std::optional<std::int64_t> since_ms) {
  const std::int64_t now_ms = clock();
  Woken woken;
  {
    const std::lock_guard lock(mutex);
    if (since_ms) server.note_held(now_ms - *since_ms);
    --server.busy;
    hand_out(server, woken);
  }
  wake(woken);
}

Slots::Slots(Clock clock) : state_(std::make_shared<State>(clock ? std::move(clock) : Clock(steady_ms))) {}

net::Task<base::Result<Slots::Lease>> Slots::take(net::Loop& loop, std::string server, unsigned limit,
                                                  std::uint32_t max_wait_ms, Wait& wait) {
  if (wait.cancelled_) co_return fail(Code::cancelled, "the client went away");
  const std::shared_ptr<State> state = state_;
  const auto place = std::make_shared<Place>(loop);
  place->self = place;

  const State::Joined joined = state->join(*place, server, limit);
  if (joined == State::Joined::turned_away) {
    co_return fail(Code::busy, "server " + server + " takes " + std::to_string(limit) + " at a time, and " +
                                   std::to_string(kQueueLimit) + " wait already: send fewer at once, or later");
  }
  bool has_slot = joined == State::Joined::has_slot;
  base::Status waited = base::ok_status();
  if (!has_slot) {
    wait.state_ = state;
    wait.place_ = place.get();
    waited = co_await place->turn.wait(max_wait_ms);
    wait.place_ = nullptr;
    has_slot = state->leave(*place);
  }
  if (wait.cancelled_ || (!waited.ok() && waited.error().code == Code::cancelled)) {
    if (has_slot) state->give_back(*place->server, std::nullopt);
    co_return fail(Code::cancelled, "the client went away, or Basin is shutting down");
  }
  if (has_slot) {  // also when it came at the last moment
    Lease lease;
    lease.state_ = state;
    lease.server_ = place->server;
    lease.since_ms_ = state->clock();
    co_return std::move(lease);
  }
  co_return fail(Code::timeout, "server " + server + " takes " + std::to_string(limit) +
                                    " at a time, and this request's turn did not come within " +
                                    std::to_string(max_wait_ms) + " ms");
}

std::vector<Slots::Row> Slots::rows() const {
  const std::lock_guard lock(state_->mutex);
  std::vector<Row> rows;
  rows.reserve(state_->servers.size());
  for (const auto& [name, server] : state_->servers) {
    Row row;
    row.server = name;
    row.limit = server.limit;
    row.busy = server.busy;
    row.waiting = server.queue.size();
    row.turned_away = server.turned_away;
    if (server.held_ms) row.held_ms = static_cast<std::uint64_t>(std::llround(*server.held_ms));
    const bool waits = !server.has_room() || !server.queue.empty();
    row.wait_ms = server.wait_ms(waits ? server.queue.size() + 1 : 0);
    rows.push_back(std::move(row));
  }
  return rows;
}

Slots::Lease::Lease(Lease&& other) noexcept
    : state_(std::move(other.state_)), server_(other.server_), since_ms_(other.since_ms_) {}

Slots::Lease& Slots::Lease::operator=(Lease&& other) noexcept {
  if (this != &other) {
    release();
    state_ = std::move(other.state_);
    server_ = other.server_;
    since_ms_ = other.since_ms_;
  }
  return *this;
}

void Slots::Lease::release() {
  if (const auto state = std::exchange(state_, nullptr)) state->give_back(*server_, since_ms_);
}

void Slots::Wait::cancel() {
  cancelled_ = true;
  if (!place_) return;
  state_->withdraw(*place_);
  place_->turn.set();
}

std::size_t Slots::Wait::position() const {
  if (!place_) return 0;
  const std::lock_guard lock(state_->mutex);
  return State::position_of(*place_);
}

std::optional<std::uint64_t> Slots::Wait::expected_ms() const {
  if (!place_) return std::nullopt;
  const std::lock_guard lock(state_->mutex);
  const std::size_t position = State::position_of(*place_);
  if (position == 0) return std::nullopt;
  return place_->server->wait_ms(position);
}

}  // namespace basin::gateway
