// TlsClient: what it takes to speak TLS to upstreams: trusted roots, TLS 1.2 or later, host names verified, sessions
// reused. Immutable and shared by all threads; the roots are loaded with the first https connection, as they cost a
// few megabytes that a purely local set-up need not pay.
#pragma once

#include <memory>
#include <string>

namespace basin::net {

// Whom to trust.
struct TlsOptions {
  std::string ca_file;  // PEM file of roots; "": the system's
};

// See above. Outlives the pools that use it.
class TlsClient {
 public:
  explicit TlsClient(TlsOptions options = {});
  ~TlsClient();
  TlsClient(const TlsClient&) = delete;
  TlsClient& operator=(const TlsClient&) = delete;

 private:
  friend class TlsStream;
  struct Context;
  std::unique_ptr<Context> context_;
};

}  // namespace basin::net
