// The judge: from a request's bytes to where it goes and why. Everything that needs no waiting, in one place and in
// order: read, take apart, measure, wish, session, decide, place. What the second stage must read first it names
// (Judgement::unread), and decides by the first.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "core/decision.h"
#include "core/dialect.h"
#include "core/request.h"
#include "gateway/door.h"
#include "gateway/placement.h"
#include "gateway/provenance.h"
#include "gateway/sessions.h"
#include "gateway/snapshot.h"
#include "net/head.h"
#include "upstream/catalogue.h"

namespace basin::gateway {

// A whole request, as it came.
struct Incoming {
  core::Endpoint endpoint = core::Endpoint::messages;
  const net::RequestHead& head;
  std::string_view body;
  std::int64_t unix_ms = 0;
  std::int64_t now_ms = 0;  // monotonic, for sessions
};

// A request judged: what serving it needs. Nothing in it points into the workspace.
struct Judgement {
  core::Decision decision;
  core::Request request;                      // empty where it was passed on unread; its views are of the body
  std::vector<Placement> placements;          // where it can go, in the order of trying. Empty: nobody can serve it
  std::size_t at = 0;                         // the one that is tried now
  Composed composed;                          // what the body becomes there
  bool may_move = false;                      // what fails there may be tried again, and elsewhere
  bool names_model = false;                   // the body has a model; without one it can only be tried dry
  std::vector<wire::ThinkingBlock> thinking;  // what of it the request holds
  std::uint64_t text_bytes = 0;               // of the body, without pictures; 0 where it was passed on unread
  std::string last_tier;                      // who answered this branch's last request; empty: nobody knows
  std::uint64_t credential = 0;               // of the client's, as it is known again; 0: it has none
  std::string advice;                         // what mode advise says, for the header
  std::string unread;  // the ask, when the first stage was unsure and Readings does not know it: have it read, and
                       // judge again
  // Who answers there, as its thinking is known again.
  Maker maker() const;
  // Where the breaker remembers what happens there. What a client's own key meets is no other client's business.
  upstream::Place health_of(const Placement& place) const;
  // The place that is tried now, or null.
  const Placement* place() const { return at < placements.size() ? &placements[at] : nullptr; }
  const upstream::Server* server() const { return place() ? place()->server : nullptr; }

  std::uint64_t session_key = 0;
  std::optional<SessionPin> pin;  // to be kept once it is really sent
};

// `snapshot` must stay alive as long as the Judgement is used.
// Errors: invalid (the body, a header), unsupported (local-only and nobody local), for the client to read.
base::Result<Judgement> judge(Door& door, const Snapshot& snapshot, const Incoming& incoming);

// A request that is passed on unread: no decision is made, its record says why.
// Errors: invalid, unsupported (local-only, and its home is not local).
base::Result<Judgement> unjudged(Door& door, const Snapshot& snapshot, const Incoming& incoming, core::Dialect dialect,
                                 std::string_view rule);

}  // namespace basin::gateway
