// OpenSSL reads and writes through a BIO of ours, which goes to Socket: so that readiness is known in one place, no
// SIGPIPE is raised, and no system call is made that would only say "not yet". The only file that includes OpenSSL.
#include "net/tls.h"

#include <arpa/inet.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <climits>
#include <cstring>
#include <mutex>

#include "net/tls_stream.h"

namespace basin::net {

using base::Code;

namespace {

// One TLS record. Pieces smaller than this are put together, as each record costs a system call at both ends.
constexpr std::size_t kRecordBytes = 16u << 10;

std::string last_error() {
  char text[256] = "";
  unsigned long code = ::ERR_peek_last_error();
  ERR_error_string_n(code, text, sizeof text);
  return code == 0 ? std::string("the connection was closed") : std::string(text);
}

Socket& socket_of(BIO* bio) { return *static_cast<Socket*>(BIO_get_data(bio)); }

int bio_answer(BIO* bio, const Moved& moved, bool reading) {
  BIO_clear_retry_flags(bio);
  switch (moved.kind) {
    case Moved::Kind::bytes: return static_cast<int>(moved.count);
    case Moved::Kind::would_block:
      if (reading)
        BIO_set_retry_read(bio);
      else
        BIO_set_retry_write(bio);
      return -1;
    case Moved::Kind::ended: return 0;
    case Moved::Kind::failed: return -1;
  }
  return -1;
}

int bio_read(BIO* bio, char* into, int size) {
  return bio_answer(bio, socket_of(bio).receive(into, static_cast<std::size_t>(size)), true);
}

int bio_write(BIO* bio, const char* from, int size) {
  iovec piece{const_cast<char*>(from), static_cast<std::size_t>(size)};
  return bio_answer(bio, socket_of(bio).send(&piece, 1), false);
}

long bio_control(BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH ? 1 : 0; }

int bio_create(BIO* bio) {
  BIO_set_init(bio, 1);
  return 1;
}

bool is_address(const std::string& host) {
  in6_addr buffer;
  return ::inet_pton(AF_INET, host.c_str(), &buffer) == 1 || ::inet_pton(AF_INET6, host.c_str(), &buffer) == 1;
}

int on_new_session(SSL* ssl, SSL_SESSION* session) {
  auto* slot = static_cast<TlsSession*>(SSL_get_app_data(ssl));
  if (!slot) return 0;
  slot->keep(session);
  return 1;
}

}  // namespace

struct TlsClient::Context {
  explicit Context(TlsOptions o) : options(std::move(o)) {}
  ~Context() {
    SSL_CTX_free(ssl);
    BIO_meth_free(method);
  }

  void load() {
    ssl = SSL_CTX_new(TLS_client_method());
    method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "basin socket");
    if (!ssl || !method) {
      failure = last_error();
      return;
    }
    BIO_meth_set_read(method, bio_read);
    BIO_meth_set_write(method, bio_write);
    BIO_meth_set_ctrl(method, bio_control);
    BIO_meth_set_create(method, bio_create);
    SSL_CTX_set_min_proto_version(ssl, TLS1_2_VERSION);
    SSL_CTX_set_verify(ssl, SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_mode(ssl,
                     SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_session_cache_mode(ssl, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb(ssl, on_new_session);
    static constexpr unsigned char kHttp11[] = "\x08http/1.1";
    SSL_CTX_set_alpn_protos(ssl, kHttp11, sizeof kHttp11 - 1);
    int loaded = options.ca_file.empty() ? SSL_CTX_set_default_verify_paths(ssl)
                                         : SSL_CTX_load_verify_file(ssl, options.ca_file.c_str());
    if (loaded != 1) failure = "cannot load trusted certificates: " + last_error();
  }

  TlsOptions options;
  std::once_flag once;
  SSL_CTX* ssl = nullptr;
  BIO_METHOD* method = nullptr;
  std::string failure;
};

TlsClient::TlsClient(TlsOptions options) : context_(std::make_unique<Context>(std::move(options))) {}
TlsClient::~TlsClient() = default;

void TlsSession::keep(ssl_session_st* session) {
  SSL_SESSION_free(session_);
  session_ = session;
}

base::Result<std::unique_ptr<TlsStream>> TlsStream::open(const TlsClient& client, Socket& socket,
                                                         const std::string& host, TlsSession& session) {
  TlsClient::Context& context = *client.context_;
  std::call_once(context.once, [&] { context.load(); });
  if (!context.failure.empty()) return base::fail(Code::configuration, context.failure);
  SSL* ssl = SSL_new(context.ssl);
  BIO* bio = BIO_new(context.method);
  if (!ssl || !bio) {
    SSL_free(ssl);
    BIO_free(bio);
    return base::fail(Code::internal, last_error());
  }
  BIO_set_data(bio, &socket);
  SSL_set_bio(ssl, bio, bio);
  SSL_set_connect_state(ssl);
  SSL_set_app_data(ssl, reinterpret_cast<char*>(&session));
  std::unique_ptr<TlsStream> stream(new TlsStream(socket, ssl));
  bool named = is_address(host)
                   ? X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host.c_str()) == 1
                   : SSL_set_tlsext_host_name(ssl, host.c_str()) == 1 && SSL_set1_host(ssl, host.c_str()) == 1;
  if (!named) return base::fail(Code::configuration, "no valid name for TLS: " + host);
  if (session.get()) SSL_set_session(ssl, session.get());
  return stream;
}

TlsStream::~TlsStream() {
  // No close_notify: it would be one more system call for a connection nobody reads any more. Marked as shut down, so
  // that OpenSSL does not call the session broken.
  SSL_set_quiet_shutdown(ssl_, 1);
  SSL_shutdown(ssl_);
  SSL_free(ssl_);
}

Moved TlsStream::outcome(int result) {
  if (result > 0) return {Moved::Kind::bytes, static_cast<std::size_t>(result)};
  switch (SSL_get_error(ssl_, result)) {
    case SSL_ERROR_WANT_READ: return {Moved::Kind::would_block, 0, Wants::readable};
    case SSL_ERROR_WANT_WRITE: return {Moved::Kind::would_block, 0, Wants::writable};
    case SSL_ERROR_ZERO_RETURN: return {Moved::Kind::ended};
    default: break;
  }
  long verified = SSL_get_verify_result(ssl_);
  failure_ =
      verified == X509_V_OK ? last_error() : std::string("certificate: ") + X509_verify_cert_error_string(verified);
  return {};
}

Moved TlsStream::handshake() {
  ERR_clear_error();
  return outcome(SSL_do_handshake(ssl_));
}

Moved TlsStream::receive(char* into, std::size_t size) {
  ERR_clear_error();
  return outcome(SSL_read(ssl_, into, static_cast<int>(std::min<std::size_t>(size, INT_MAX))));
}

Moved TlsStream::peek(char* into, std::size_t size) {
  ERR_clear_error();
  return outcome(SSL_peek(ssl_, into, static_cast<int>(size)));
}

// After "not yet" OpenSSL wants the same bytes again; it gets them, as the caller's position has not moved.
Moved TlsStream::send(const iovec* pieces, std::size_t count) {
  if (count == 0) return {Moved::Kind::bytes, 0};
  ERR_clear_error();
  if (count == 1 || pieces[0].iov_len >= kRecordBytes)
    return outcome(SSL_write(ssl_, pieces[0].iov_base, static_cast<int>(std::min(pieces[0].iov_len, kRecordBytes))));
  char record[kRecordBytes];
  std::size_t size = 0;
  for (std::size_t i = 0; i < count && size < kRecordBytes; ++i) {
    std::size_t part = std::min(pieces[i].iov_len, kRecordBytes - size);
    std::memcpy(record + size, pieces[i].iov_base, part);
    size += part;
  }
  return outcome(SSL_write(ssl_, record, static_cast<int>(size)));
}

}  // namespace basin::net
