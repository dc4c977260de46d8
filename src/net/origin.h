// Origin: where a server is: scheme, host, port. What connections are pooled by.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace basin::net {

struct Origin {
  bool tls = false;
  std::string host;  // a name or an address; IPv6 without brackets
  std::uint16_t port = 80;

  bool operator==(const Origin&) const = default;
  // For the Host field: brackets around IPv6, the port unless it is the scheme's own.
  std::string authority() const;
};

// An http or https URL taken apart; the path keeps its query and is "" where the URL has none.
struct Url {
  Origin origin;
  std::string path;
};

// Errors: configuration, with what is wrong: the scheme, user:password@ (never to be put in a URL), host, port, or a
// fragment.
base::Result<Url> parse_url(std::string_view text);

// Whether the host is this machine by name or address: localhost, *.localhost, 127.0.0.0/8, ::1.
bool is_loopback(std::string_view host);

}  // namespace basin::net
