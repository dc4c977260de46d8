// Who may speak to Basin. Three questions, asked before a request is read any further:
//   Is it meant for us?      Host must be a name of ours: a page that rebinds its DNS name to 127.0.0.1 says its own.
//   Does a page send it?     Origin must be our own address: any page may post to 127.0.0.1, none may read or spend.
//   Is it one of ours?       Where a token was configured, everybody shows it. Where none was, nobody from another
//                            machine and no other user of this one gets in.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "net/head.h"
#include "net/options.h"

namespace basin::gateway {

struct Peer {
  bool loopback = true;
  bool same_user = true;  // our uid, or root; meaningful for loopback peers only
};

// The rules of one snapshot. Holds a reference: use it while the options live.
struct Access {
  const net::ServeOptions& options;

  // Errors: invalid (no Host), forbidden (Host, Origin), unauthorized (token).
  base::Status check(const net::RequestHead& head, const Peer& peer) const;

  // Whether this field's value is the token that opens Basin, which therefore must not travel on.
  bool is_token(const net::HeadField& field) const;
};

// The credential in an Authorization: Bearer or x-api-key field; empty where the field is neither.
std::string_view credential_in(const net::HeadField& field);

}  // namespace basin::gateway
