// A request judged: the decision, the places where it can go, and what serving it needs. Made by the judge (judge.h);
// it moves from place to place as attempts fail (attempts.h), and names what the rooms that remember know it by.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/decision.h"
#include "core/request.h"
#include "gateway/placement.h"
#include "gateway/provenance.h"
#include "gateway/sessions.h"
#include "upstream/breaker.h"
#include "upstream/catalogue.h"

namespace basin::gateway {

// Nothing in it points into the workspace of the thread that made it.
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
  std::uint64_t session_key = 0;
  std::optional<SessionPin> pin;  // to be kept once it is really sent

  // Who answers there, as its thinking is known again.
  Maker maker() const;
  // Where the breaker remembers what happens there. What a client's own key meets is no other client's business.
  upstream::Place health_of(const Placement& place) const;
  // The place that is tried now, or null.
  const Placement* place() const { return at < placements.size() ? &placements[at] : nullptr; }
  const upstream::Server* server() const { return place() ? place()->server : nullptr; }
};

}  // namespace basin::gateway
