// Forwarding: a judged request on its way up, to one place after another, until an answer comes down.
//
//   attempt         one place
//     check           a credential that its server takes                            outbound.cc
//     estimate        a count of tokens where nobody counts
//     slot            its turn, where the server takes so many at once (slots.h)
//     open            the client's own bytes but for the edits, or a translation    outbound.cc, placement.cc
//     peek            what an error says, while there is another attempt to make
//     goes_on         what it means for the next one                                attempts.cc
//     hand_on         the answer, byte for byte or translated, as it arrives        relay.cc, translated_relay.cc
//     learn           what its server counted
//
// Retries and other places are for requests of which the client has not seen a byte of an answer. The body is held
// until somebody's answer has begun, and no longer.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "gateway/access.h"
#include "gateway/attempts.h"
#include "gateway/door.h"
#include "gateway/judgement.h"
#include "gateway/outbound.h"
#include "gateway/relay.h"
#include "gateway/slots.h"
#include "net/bytes.h"
#include "net/connection.h"
#include "net/exchange.h"
#include "net/task.h"

namespace basin::gateway {

// A request's body: as it came, and without its content coding where it had one that we know.
struct Body {
  net::Bytes raw;
  std::string plain;

  std::string_view readable() const { return plain.empty() ? raw.view() : std::string_view(plain); }
  void forget() {
    raw.reset();
    plain = {};
  }
};

// One request; see above. Everything it is given outlives it.
class Forwarding {
 public:
  // REQUIRES: judgement.place().
  Forwarding(Door& door, const Snapshot& snapshot, net::ServerConnection& client, Body& body, Judgement& judgement);

  // Ends with an answer, with Basin's own error, or with a client that has left. Call once.
  net::Task<Outcome> run();

 private:
  struct Peeked {
    std::string bytes;  // as they came
    std::string plain;  // their content coding taken off
    bool all = false;
  };
  enum class Progress : std::uint8_t { ended, next };

  net::Task<Progress> attempt();
  bool passed_over();
  net::Task<Progress> no_credential(base::Error error);
  bool leave(core::Attempt failed);
  bool leave(std::string_view cause, std::string_view why);
  net::Task<Progress> answered(net::UpstreamExchange& upstream);
  bool said_simpler(int status, std::string_view body);
  net::Task<Progress> unanswered(base::Error error);
  net::Task<base::Result<Slots::Lease>> its_turn(const upstream::Server& server);
  net::Task<Progress> not_its_turn(base::Error error);
  net::Task<base::Status> open(net::UpstreamExchange& upstream);
  net::Task<Peeked> peek(net::UpstreamExchange& upstream);
  net::Task<bool> goes_on(const wire::Failure& failure, int status);
  net::Task<Outcome> hand_on(net::UpstreamExchange& upstream, const Peeked& peeked);
  net::Task<void> estimate();
  net::Task<void> refuse(base::Error error);
  void learn(const core::Usage& usage, std::span<const std::uint64_t> thinking);
  bool cut_in_silence(std::uint64_t told);
  void keep();
  bool counts_tokens() const { return judgement_.request.endpoint == core::Endpoint::count_tokens; }
  // Whether the request is where Basin put it: what happens to others is between the client and its vendor.
  bool is_ours() const { return judgement_.may_move || place().setting != nullptr; }
  const Placement& place() const { return *judgement_.place(); }
  Outbound outbound() const;

  Door& door_;
  const Snapshot& snapshot_;
  net::ServerConnection& client_;
  Body& body_;
  Judgement& judgement_;
  const Access access_;
  std::string head_;              // of the request, while the upstream may want it again
  Tried tried_;                   // at the place that is tried now
  std::uint64_t read_bytes_ = 0;  // of the request's text, without what JSON spends on escapes
  Outcome outcome_ = Outcome::whole;
};

}  // namespace basin::gateway
