// One request and its answer: the front door. exchange.cc is the table of contents of everything Basin does with a
// request; read it first.
#pragma once

#include <memory>

#include "base/result.h"
#include "core/dialect.h"
#include "gateway/access.h"
#include "gateway/door.h"
#include "gateway/forwarding.h"
#include "gateway/judge.h"
#include "gateway/relay.h"
#include "net/bytes.h"
#include "net/connection.h"
#include "net/task.h"

namespace basin::gateway {

class Exchange {
 public:
  // Both outlive the exchange. It keeps the snapshot it began with.
  Exchange(Door& door, net::ServerConnection& client);

  // Reads the rest of the request and answers it, whatever happens. Call once.
  net::Task<void> run();

 private:
  net::Task<void> routed(core::Endpoint endpoint);
  net::Task<void> passed_on();
  net::Task<void> local();
  net::Task<void> models();

  net::Task<base::Status> read_body();
  base::Result<Judgement> judged(core::Endpoint endpoint);
  base::Status servable(const Judgement& judgement) const;
  base::Status credential_for(const Judgement& judgement) const;
  net::Task<void> serve(Judgement judgement);
  void settle(Outcome outcome);
  net::Task<void> refuse(base::Error error, const core::Decision* decision = nullptr);
  // As refuse(), and ends the connection: what follows on it cannot be trusted, or is not wanted.
  net::Task<void> turn_away(base::Error error);

  std::string_view readable() const;  // the body, without its coding where we could take it off
  Access access() const;
  Incoming incoming(core::Endpoint endpoint) const;

  Door& door_;
  net::ServerConnection& client_;
  std::shared_ptr<const Snapshot> snapshot_;
  core::Dialect dialect_;  // of errors, on any path
  Body body_;
};

}  // namespace basin::gateway
