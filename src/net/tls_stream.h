// TlsStream: TLS over a Socket, without blocking. Private to net/.
#pragma once

#include <sys/uio.h>

#include <memory>
#include <string>

#include "base/result.h"
#include "net/socket.h"
#include "net/tls.h"

struct ssl_st;
struct ssl_session_st;

namespace basin::net {

// The last session with an origin, to be resumed by the next connection.
class TlsSession {
 public:
  TlsSession() = default;
  ~TlsSession() { keep(nullptr); }
  TlsSession(const TlsSession&) = delete;
  TlsSession& operator=(const TlsSession&) = delete;
  void keep(ssl_session_st* session);  // takes the reference
  ssl_session_st* get() const { return session_; }

 private:
  ssl_session_st* session_ = nullptr;
};

// One TLS connection over a connected socket.
class TlsStream {
 public:
  // The socket and the session outlive the stream. Errors: configuration (the roots cannot be loaded), internal.
  static base::Result<std::unique_ptr<TlsStream>> open(const TlsClient& client, Socket& socket, const std::string& host,
                                                       TlsSession& session);
  ~TlsStream();
  TlsStream(const TlsStream&) = delete;
  TlsStream& operator=(const TlsStream&) = delete;

  // Kind::bytes: the connection is secure and the host is who it claims to be. Kind::failed: see failure().
  Moved handshake();
  Moved receive(char* into, std::size_t size);
  Moved send(const iovec* pieces, std::size_t count);
  Moved peek(char* into, std::size_t size);
  std::string failure() const { return failure_; }

 private:
  TlsStream(Socket& socket, ssl_st* ssl) : socket_(socket), ssl_(ssl) {}
  Moved outcome(int result);

  Socket& socket_;
  ssl_st* ssl_;
  std::string failure_;
};

}  // namespace basin::net
