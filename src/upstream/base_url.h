// The base URL of a server, as people write it: "http://127.0.0.1:11434", "https://openrouter.ai/api/v1".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace basin::upstream {

struct BaseUrl {
  bool tls = false;
  std::string host;  // without the brackets of an IPv6 address
  std::uint16_t port = 0;
  std::string
      prefix;  // put before the client's path: "" or "/api"; a trailing "/v1" is dropped, clients send their own

  bool loopback() const;          // localhost, 127.0.0.0/8 or ::1, as written (no name is resolved)
  std::string authority() const;  // for the Host field: the port only where it is not the scheme's own
};

// Errors: configuration, saying what is wrong with the URL. User names, queries and fragments are refused.
base::Result<BaseUrl> parse_base_url(std::string_view url);

}  // namespace basin::upstream
