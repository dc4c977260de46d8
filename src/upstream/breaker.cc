#include "upstream/breaker.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace basin::upstream {
namespace {

using wire::Cause;
using wire::Scope;

// The account of what is the same for all of them: tells a host from its server with keys of ours.
constexpr const char* kAnybody = "*";

// How long a cause closes a place where the upstream tells no time; `breaks`: it is doubled, and tried.
struct Closing {
  std::int64_t ms = 0;
  bool breaks = false;
};

Closing closing_of(Cause cause) {
  switch (cause) {
    case Cause::none:
    case Cause::bad_request:
    case Cause::too_long: return {};
    case Cause::bad_key:
    case Cause::no_credit:
    case Cause::wall: return {Breaker::kKey_ms, false};
    case Cause::bad_model: return {Breaker::kModel_ms, false};
    case Cause::limited: return {Breaker::kLimit_ms, false};
    case Cause::loading: return {Breaker::kLoading_ms, false};
    case Cause::overloaded:
    case Cause::server_error:
    case Cause::unreachable:
    case Cause::timeout:
    case Cause::cut: return {Breaker::kFirst_ms, true};
  }
  return {};
}

std::int64_t doubled(int failures) {
  std::int64_t ms = Breaker::kFirst_ms;
  for (int i = 1; i < failures && ms < Breaker::kLast_ms; ++i) ms *= 2;
  return std::min(ms, Breaker::kLast_ms);
}

// A success proves nothing about a limit that was told: the request may have been under way before it.
bool proven_wrong(Cause cause) { return cause != Cause::limited && cause != Cause::wall; }

bool too_long_a_name(const Place& place) {
  return std::max({place.server.size(), place.model.size(), place.account.size()}) > Breaker::kNameLimit;
}

}  // namespace

bool Breaker::Key::operator<(const Key& other) const {
  return std::tie(server, account, model) < std::tie(other.server, other.account, other.model);
}

// The host of every account, the server for this account, the model for this account.
std::vector<Breaker::Key> Breaker::keys_of(const Place& place) {
  return {{place.server, kAnybody, ""}, {place.server, place.account, ""}, {place.server, place.account, place.model}};
}

// Whether somebody must not go there now.
bool Breaker::stands(const State& state, std::int64_t now_ms) {
  if (state.closed.cause == Cause::none) return false;
  return now_ms < state.closed.until_ms || (state.failures > 0 && now_ms < state.try_until_ms);
}

// REQUIRES: the lock is held.
std::optional<Breaker::Closed> Breaker::in_the_way(const Place& place, std::int64_t now_ms) const {
  std::optional<Closed> longest;
  for (const Key& key : keys_of(place)) {
    const auto found = states_.find(key);
    if (found == states_.end() || !stands(found->second, now_ms)) continue;
    Closed one = found->second.closed;
    if (found->second.failures > 0) one.until_ms = std::max(one.until_ms, found->second.try_until_ms);
    if (!longest || one.until_ms > longest->until_ms) longest = std::move(one);
  }
  return longest;
}

std::optional<Breaker::Closed> Breaker::closed(const Place& place, std::int64_t now_ms) const {
  const std::lock_guard lock(mutex_);
  return in_the_way(place, now_ms);
}

std::optional<Breaker::Closed> Breaker::enter(const Place& place, std::int64_t now_ms) {
  const std::lock_guard lock(mutex_);
  if (auto why = in_the_way(place, now_ms)) return why;
  for (const Key& key : keys_of(place)) {
    const auto found = states_.find(key);
    if (found != states_.end() && found->second.failures > 0) found->second.try_until_ms = now_ms + kTry_ms;
  }
  return std::nullopt;
}

void Breaker::failed(const Place& place, const wire::Failure& failure, std::int64_t now_ms) {
  if (failure.cause == Cause::none || too_long_a_name(place)) return;
  const std::lock_guard lock(mutex_);
  const std::vector<Key> keys = keys_of(place);
  if (failure.scope != Scope::host) open(keys[0], now_ms);  // whoever answers is there
  if (failure.cause == Cause::too_long && failure.context) {
    if (State* state = state_of({place.server, kAnybody, place.model}, now_ms)) {
      state->context = failure.context;
      state->context_until_ms = now_ms + kContext_ms;
    }
  }
  const Closing closing = closing_of(failure.cause);
  if (closing.ms == 0) return;
  State* state = state_of(keys[failure.scope == Scope::host ? 0 : failure.scope == Scope::key ? 1 : 2], now_ms);
  if (!state) return;

  std::int64_t ms = failure.wait_ms.value_or(closing.breaks ? 0 : closing.ms);
  if (closing.breaks) {
    if (now_ms - state->failed_ms > kForget_ms) state->failures = 0;
    const bool under_way = state->failures > 0 && now_ms < state->closed.until_ms;
    if (!under_way) ++state->failures;
    ms = std::max(ms, under_way ? 0 : doubled(state->failures));
    state->try_until_ms = 0;
  }
  state->failed_ms = now_ms;
  if (now_ms + ms < state->closed.until_ms) return;  // a told time is never shortened
  state->closed = {now_ms + ms, failure.cause, failure.detail};
}

void Breaker::succeeded(const Place& place, std::int64_t now_ms) {
  const std::lock_guard lock(mutex_);
  if (states_.empty()) return;
  for (const Key& key : keys_of(place)) open(key, now_ms);
}

void Breaker::forget() {
  const std::lock_guard lock(mutex_);
  states_.clear();
}

// Opens what a success, or any answer at all, proves to be open.
void Breaker::open(const Key& key, std::int64_t now_ms) {
  const auto found = states_.find(key);
  if (found == states_.end()) return;
  State& state = found->second;
  state.failures = 0;
  state.try_until_ms = 0;
  if (proven_wrong(state.closed.cause) || now_ms >= state.closed.until_ms) state.closed = {};
  const bool empty = state.closed.cause == Cause::none && (!state.context || now_ms >= state.context_until_ms);
  if (empty) states_.erase(found);
}

// Null where there is no room.
Breaker::State* Breaker::state_of(const Key& key, std::int64_t now_ms) {
  if (const auto found = states_.find(key); found != states_.end()) return &found->second;
  if (states_.size() >= kCapacity) make_room(now_ms);
  return &states_[key];
}

// What has passed goes; else the model that opens first; else the server that does.
void Breaker::make_room(std::int64_t now_ms) {
  std::erase_if(states_, [&](const auto& entry) {
    const State& state = entry.second;
    const bool quiet = state.failures == 0 || now_ms - state.failed_ms > kForget_ms;
    return quiet && !stands(state, now_ms) && (!state.context || now_ms >= state.context_until_ms);
  });
  if (states_.size() < kCapacity) return;
  states_.erase(std::min_element(states_.begin(), states_.end(), [](const auto& a, const auto& b) {
    return std::pair(a.first.model.empty(), a.second.closed.until_ms) <
           std::pair(b.first.model.empty(), b.second.closed.until_ms);
  }));
}

std::optional<std::uint64_t> Breaker::context_of(const Place& place, std::int64_t now_ms) const {
  const std::lock_guard lock(mutex_);
  const auto found = states_.find({place.server, kAnybody, place.model});
  if (found == states_.end() || now_ms >= found->second.context_until_ms) return std::nullopt;
  return found->second.context;
}

std::vector<Breaker::Row> Breaker::rows(std::int64_t now_ms) const {
  std::vector<Row> rows;
  const std::lock_guard lock(mutex_);
  for (const auto& [key, state] : states_) {
    Row row{.server = key.server, .model = key.model, .closed = {}, .failures = state.failures, .context = {}};
    if (stands(state, now_ms)) row.closed = state.closed;
    if (now_ms < state.context_until_ms) row.context = state.context;
    if (row.closed || row.context) rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace basin::upstream
