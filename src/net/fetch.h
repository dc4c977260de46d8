// fetch: one small request, its whole answer. For discovery, probes, and commands that ask a running server.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "net/pool.h"
#include "net/task.h"

namespace basin::net {

struct FetchRequest {
  std::string method = "GET";
  std::string url;                                          // http or https
  std::vector<std::pair<std::string, std::string>> fields;  // Host and Content-Length are added
  std::string body;
  std::size_t limit_bytes = 4u << 20;  // of the answer's body; past it: too_large
  std::uint32_t timeout_ms = 5'000;    // for all of it
};

// The whole answer.
struct FetchResponse {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> fields;  // as they came
  std::string body;
};

// Any status is an answer, not an error. Errors: configuration (the URL), unreachable, timeout, closed_early,
// bad_upstream, too_large, cancelled.
Task<base::Result<FetchResponse>> fetch(UpstreamPool& pool, FetchRequest request);

// The same on a loop of its own; blocks the calling thread.
base::Result<FetchResponse> blocking_fetch(FetchRequest request, std::shared_ptr<const TlsClient> tls = nullptr);

}  // namespace basin::net
