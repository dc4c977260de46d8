// Where to listen and what to accept: [server].
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/secret.h"

namespace basin::net {

struct ServeOptions {
  std::string host = "127.0.0.1";
  std::uint16_t port = 4100;               // 0: any free port
  unsigned threads = 0;                    // 0: one per core, at most 4
  base::Secret token;                      // required for any address but loopback
  std::vector<std::string> allowed_hosts;  // further values of Host that are us (a name in front of us)
  std::size_t max_body_bytes = 32u << 20;  // what the vendors themselves accept
  std::size_t max_connections = 10'000;
  std::uint32_t header_timeout_ms = 30'000;  // a whole request head, from its first byte
  std::uint32_t body_timeout_ms = 60'000;    // between two reads of a body
  std::uint32_t idle_timeout_ms = 300'000;   // a kept-alive connection without a request
};

}  // namespace basin::net
