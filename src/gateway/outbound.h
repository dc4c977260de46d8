// The request as it goes up: the client's own head, field by field in its order and spelling, less what belongs to this
// hop or to Basin, with the credential that the server is to see. A request that was translated has a head of its own.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "core/dialect.h"
#include "gateway/access.h"
#include "net/head.h"
#include "upstream/catalogue.h"

namespace basin::gateway {

// What travels and what does not, decided for one request and one server.
struct Outbound {
  const net::RequestHead& head;
  const upstream::Server& server;
  core::Dialect dialect;
  const Access& access;
  bool decoded;                    // the body goes up without the content coding it came with
  core::Dialect spoken = dialect;  // at the server; another than the client's: the body was translated
  bool plain_answer = false;       // the answer is to be read and changed, so it must not be compressed

  // Errors: unauthorized, when the server would see no credential although it takes one, or a subscription login that
  // was not switched on.
  base::Status check_credential() const;
  // Whether the credential that goes up is the client's own.
  bool sends_clients_key() const { return server.key.empty() && !clients_key().empty(); }
  // The whole head, ready to send; body_bytes is the length after edits.
  std::string write(std::uint64_t body_bytes) const;

 private:
  bool passes_client_key() const;
  void write_key(net::HeadWriter& writer) const;
  void write_translated(net::HeadWriter& writer, std::uint64_t body_bytes) const;
  std::string_view clients_key() const;
};

// Fields that only Basin reads (x-basin-...).
bool is_basin_field(std::string_view name);

}  // namespace basin::gateway
