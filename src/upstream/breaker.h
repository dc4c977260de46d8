// The breaker: which places are not to be asked for now, and why. ("Closed" as a shop is: nobody is sent there.)
//
// What it closes is what the failure speaks about (wire::Scope). Silence closes the host for all; a refused key or a
// used-up quota closes the server for that account, and the host stays blameless; a missing model or a limit closes
// that model. A prompt that is too long closes nothing, but the context that the server told is remembered.
//
// How long: a told time is kept to the millisecond and never shortened, neither by a later failure nor by a success of
// a request that was under way. Where a place only broke, it is closed for a second, then two, up to a minute, and
// behind each of these one request is let through to try: its success opens the place, its failure doubles the time.
// Failures of requests that were under way when the place closed count once, not each.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wire/failure.h"

namespace basin::upstream {

// Where a request goes. `account` is empty for keys of ours; for a client's own credential it is something that tells
// one from another (a fingerprint): what one client's key meets is no other client's business.
struct Place {
  std::string server;
  std::string model;
  std::string account = {};
};

// Thread safe. Times are monotonic milliseconds.
class Breaker {
 public:
  // Closed places at once: dozens of servers with a few models each stay far below it. Past it, of the closed models
  // the one that opens first is forgotten, which costs one failing request.
  static constexpr std::size_t kCapacity = 1024;
  // Longer names (clients choose models' names) are never closed.
  static constexpr std::size_t kNameLimit = 256;
  // A place that broke: doubled with each failed try. A second is a restarting server, a minute a dead one.
  static constexpr std::int64_t kFirst_ms = 1'000, kLast_ms = 60'000;
  // How long others wait for the one that tries; then the next may. Its request may be one that thinks for minutes.
  static constexpr std::int64_t kTry_ms = 10'000;
  // A refused key, a spent balance, a quota that ends nobody knows when: somebody has to do something about it.
  static constexpr std::int64_t kKey_ms = 5 * 60'000;
  // A model that is not there: somebody may be pulling it.
  static constexpr std::int64_t kModel_ms = 5 * 60'000;
  // A limit that tells no time.
  static constexpr std::int64_t kLimit_ms = 10'000;
  // A model that is being loaded.
  static constexpr std::int64_t kLoading_ms = 2'000;
  // A told context is believed for so long: servers are started again with a larger one.
  static constexpr std::int64_t kContext_ms = 60 * 60'000;
  // A place that has not failed for so long begins with kFirst_ms again.
  static constexpr std::int64_t kForget_ms = 10 * 60'000;

  struct Closed {
    std::int64_t until_ms = 0;
    wire::Cause cause = wire::Cause::none;
    std::string why;  // Failure::detail
  };

  // What stands in the way of asking there, the longest of it; nothing where it is open. Changes nothing: ask it of as
  // many places as there are to choose from.
  std::optional<Closed> closed(const Place& place, std::int64_t now_ms) const;
  // The same just before a request is sent: behind a closing, the first one to come is let through to try, and the
  // place stays closed to others until it has succeeded or failed, kTry_ms at most.
  std::optional<Closed> enter(const Place& place, std::int64_t now_ms);

  // Every failure of a place, whatever its cause. Cause::none changes nothing.
  void failed(const Place& place, const wire::Failure& failure, std::int64_t now_ms);
  // An answer has begun to come.
  void succeeded(const Place& place, std::int64_t now_ms);
  // The configuration was loaded again: keys, models and hosts may be others.
  void forget();

  // The context that the server named when a prompt was too long for it, in tokens; whoever asks (`account` is
  // ignored).
  std::optional<std::uint64_t> context_of(const Place& place, std::int64_t now_ms) const;

  // For status pages: what is closed, and what contexts were told, ordered by server and model.
  struct Row {
    std::string server;
    std::string model;  // empty: the whole server
    std::optional<Closed> closed;
    int failures = 0;  // in a row
    std::optional<std::uint64_t> context;
  };
  std::vector<Row> rows(std::int64_t now_ms) const;

 private:
  struct Key {
    std::string server, account, model;
    bool operator<(const Key& other) const;
  };
  struct State {
    Closed closed;
    std::int64_t failed_ms = 0;     // when it failed last
    std::int64_t try_until_ms = 0;  // somebody tries
    int failures = 0;               // in a row; 0 where a time was told
    std::optional<std::uint64_t> context;
    std::int64_t context_until_ms = 0;
  };
  using States = std::map<Key, State>;

  static std::vector<Key> keys_of(const Place& place);
  static bool stands(const State& state, std::int64_t now_ms);
  std::optional<Closed> in_the_way(const Place& place, std::int64_t now_ms) const;
  State* state_of(const Key& key, std::int64_t now_ms);
  void make_room(std::int64_t now_ms);
  void open(const Key& key, std::int64_t now_ms);

  mutable std::mutex mutex_;
  States states_;
};

}  // namespace basin::upstream
