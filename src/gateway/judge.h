// The judge: from a request's bytes to where it goes and why. Everything that needs no waiting, in one place and in
// order: read, take apart, measure, wish, session, decide, place. What the second stage must read first it names
// (Judgement::unread), and decides by the first.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"
#include "core/decision.h"
#include "core/dialect.h"
#include "gateway/door.h"
#include "gateway/judgement.h"
#include "gateway/snapshot.h"
#include "net/head.h"

namespace basin::gateway {

// A whole request, as it came.
struct Incoming {
  core::Endpoint endpoint = core::Endpoint::messages;
  const net::RequestHead& head;
  std::string_view body;
  std::int64_t unix_ms = 0;
  std::int64_t now_ms = 0;  // monotonic, for sessions
};

// `snapshot` must stay alive as long as the Judgement is used.
// Errors: invalid (the body, a header), unsupported (local-only and nobody local), for the client to read.
base::Result<Judgement> judge(Door& door, const Snapshot& snapshot, const Incoming& incoming);

// A request that is passed on unread: no decision is made, its record says why.
// Errors: invalid, unsupported (local-only, and its home is not local).
base::Result<Judgement> unjudged(Door& door, const Snapshot& snapshot, const Incoming& incoming, core::Dialect dialect,
                                 std::string_view rule);

}  // namespace basin::gateway
