// TLS (tls.cc) as an exchange uses it, against a server made with OpenSSL here, with certificates made here.
#include "net/tls.h"

#include <gtest/gtest.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "net/exchange.h"
#include "net/testing.h"

namespace basin::net {
namespace {

using base::Code;
using testing::RawListener;
using testing::RawSocket;

template <auto release>
struct Release {
  template <class T>
  void operator()(T* p) const {
    release(p);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Release<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Release<X509_free>>;

// Signed by itself, so that it is its own root.
struct Identity {
  Key key{EVP_EC_gen("P-256")};
  Certificate certificate{X509_new()};

  explicit Identity(const std::string& names, long valid_s = 3600) {
    X509* x = certificate.get();
    X509_set_version(x, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
    X509_gmtime_adj(X509_getm_notBefore(x), -7200);
    X509_gmtime_adj(X509_getm_notAfter(x), valid_s);
    X509_set_pubkey(x, key.get());
    X509_NAME* name = X509_get_subject_name(x);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("test"), -1, -1, 0);
    X509_set_issuer_name(x, name);
    add(NID_subject_alt_name, names);
    add(NID_basic_constraints, "critical,CA:TRUE");
    X509_sign(x, key.get(), EVP_sha256());
  }
  void add(int kind, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, certificate.get(), certificate.get(), nullptr, nullptr, 0);
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
    ASSERT_NE(extension, nullptr);
    X509_add_ext(certificate.get(), extension, -1);
    X509_EXTENSION_free(extension);
  }
};

// The certificate as a file of roots.
struct RootsFile {
  std::string path;
  explicit RootsFile(const Identity& identity) {
    static int number = 0;
    path = ::testing::TempDir() + "basin_roots_" + std::to_string(::getpid()) + "_" + std::to_string(++number) + ".pem";
    BIO* file = BIO_new_file(path.c_str(), "w");
    PEM_write_bio_X509(file, identity.certificate.get());
    BIO_free(file);
  }
  ~RootsFile() { std::filesystem::remove(path); }
};

// Blocking TLS server: one connection after another, each answering some requests. What was seen is told.
struct TlsServer {
  struct Seen {
    std::string server_name;
    std::string alpn;
    bool resumed = false;
    bool secure = false;
  };
  std::vector<Seen> seen;

  TlsServer(const Identity& identity, std::vector<int> requests, std::string answer = kAnswer, bool clean_end = true)
      : answer_(std::move(answer)), clean_end_(clean_end), context_(SSL_CTX_new(TLS_server_method())) {
    SSL_CTX_use_certificate(context_.get(), identity.certificate.get());
    SSL_CTX_use_PrivateKey(context_.get(), identity.key.get());
    SSL_CTX_set_alpn_select_cb(context_.get(), &TlsServer::choose, nullptr);
    thread_ = std::thread([this, requests] {
      for (int count : requests) serve(count);
    });
  }
  ~TlsServer() {
    if (thread_.joinable()) thread_.join();
  }
  void join() { thread_.join(); }
  Origin origin(const std::string& host = "localhost") const { return {true, host, listener_.port()}; }

  static constexpr const char* kAnswer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

 private:
  static int choose(SSL*, const unsigned char** out, unsigned char* size, const unsigned char* in, unsigned, void*) {
    *size = in[0];
    *out = in + 1;
    return SSL_TLSEXT_ERR_OK;
  }

  void serve(int count) {
    RawSocket socket = listener_.accept();
    std::unique_ptr<SSL, Release<SSL_free>> ssl(SSL_new(context_.get()));
    SSL_set_fd(ssl.get(), socket.fd());
    Seen one;
    one.secure = SSL_accept(ssl.get()) == 1;
    if (one.secure) {
      if (const char* name = SSL_get_servername(ssl.get(), TLSEXT_NAMETYPE_host_name)) one.server_name = name;
      const unsigned char* alpn = nullptr;
      unsigned size = 0;
      SSL_get0_alpn_selected(ssl.get(), &alpn, &size);
      one.alpn.assign(reinterpret_cast<const char*>(alpn), size);
      one.resumed = SSL_session_reused(ssl.get()) == 1;
    }
    seen.push_back(one);
    for (int i = 0; one.secure && i < count; ++i) {
      std::string request;
      char buffer[4096];
      while (request.find("\r\n\r\n") == std::string::npos) {
        int n = SSL_read(ssl.get(), buffer, sizeof buffer);
        if (n <= 0) return;
        request.append(buffer, static_cast<std::size_t>(n));
      }
      SSL_write(ssl.get(), answer_.data(), static_cast<int>(answer_.size()));
    }
    if (one.secure && clean_end_) SSL_shutdown(ssl.get());
    ERR_clear_error();
  }

  std::string answer_;
  bool clean_end_;
  std::unique_ptr<SSL_CTX, Release<SSL_CTX_free>> context_;
  RawListener listener_;
  std::thread thread_;
};

Task<base::Result<std::string>> get(UpstreamPool& pool, Origin origin, std::string body = "") {
  UpstreamExchange exchange(pool, origin);
  std::string head = "GET / HTTP/1.1\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n";
  std::array<std::string_view, 1> pieces{body};
  base::Status status = co_await exchange.send(head, pieces);
  if (!status.ok()) co_return status.error();
  status = co_await exchange.read_head(5000);
  if (!status.ok()) co_return status.error();
  std::string answer;
  for (;;) {
    auto piece = co_await exchange.read_body(5000);
    if (!piece.ok()) co_return piece.error();
    answer += piece->bytes;
    if (piece->last) co_return answer;
  }
}

TEST(Tls, SpeaksToAServerItTrusts) {
  Identity identity("DNS:localhost,IP:127.0.0.1");
  RootsFile roots(identity);
  Loop loop;
  UpstreamPool pool(loop, std::make_shared<TlsClient>(TlsOptions{roots.path}));
  {
    TlsServer server(identity, {2});
    for (int i = 0; i < 2; ++i) {
      auto answer = loop.run_task(get(pool, server.origin()));
      ASSERT_TRUE(answer.ok()) << answer.error().message;
      EXPECT_EQ(*answer, "ok");
    }
    EXPECT_EQ(pool.counts().opened, 1u);  // kept alive
    server.join();
    EXPECT_EQ(server.seen[0].server_name, "localhost");
    EXPECT_EQ(server.seen[0].alpn, "http/1.1");
  }
  TlsServer server(identity, {1});
  auto answer = loop.run_task(get(pool, server.origin("127.0.0.1")));  // by address: no server name is sent
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  server.join();
  EXPECT_EQ(server.seen[0].server_name, "");
}

TEST(Tls, ResumesItsSession) {
  Identity identity("DNS:localhost");
  RootsFile roots(identity);
  Loop loop;
  UpstreamPool pool(loop, std::make_shared<TlsClient>(TlsOptions{roots.path}));
  TlsServer server(identity, {1, 1});
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(loop.run_task(get(pool, server.origin())).ok());
    pool.close_idle();
  }
  server.join();
  EXPECT_FALSE(server.seen[0].resumed);
  EXPECT_TRUE(server.seen[1].resumed);
}

TEST(Tls, RefusesWhoItCannotVerify) {
  Identity ours("DNS:localhost");
  Identity stranger("DNS:localhost");
  Identity other_name("DNS:elsewhere.example");
  Identity expired("DNS:localhost", -3600);
  struct {
    const Identity& server;
    const Identity& root;
    const char* why;
  } cases[] = {{stranger, ours, "certificate"}, {other_name, other_name, "mismatch"}, {expired, expired, "expired"}};
  for (const auto& [server_identity, root, why] : cases) {
    RootsFile roots(root);
    Loop loop;
    UpstreamPool pool(loop, std::make_shared<TlsClient>(TlsOptions{roots.path}));
    TlsServer server(server_identity, {1});
    auto answer = loop.run_task(get(pool, server.origin()));
    ASSERT_FALSE(answer.ok());
    EXPECT_EQ(answer.error().code, Code::unreachable);
    EXPECT_NE(answer.error().message.find(why), std::string::npos) << answer.error().message;
  }
}

TEST(Tls, AnAddressMustStandInTheCertificate) {
  Identity identity("DNS:localhost");
  RootsFile roots(identity);
  Loop loop;
  UpstreamPool pool(loop, std::make_shared<TlsClient>(TlsOptions{roots.path}));
  TlsServer server(identity, {1});
  EXPECT_FALSE(loop.run_task(get(pool, server.origin("127.0.0.1"))).ok());
}

TEST(Tls, MissingRootsAreAConfigurationError) {
  Loop loop;
  UpstreamPool pool(loop, std::make_shared<TlsClient>(TlsOptions{"no/such/file.pem"}));
  RawListener listener;
  auto answer = loop.run_task(get(pool, {true, "127.0.0.1", listener.port()}));
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, Code::configuration);
}

TEST(Tls, AServerThatSpeaksPlainHttpIsNamedSo) {
  Loop loop;
  UpstreamPool pool(loop, std::make_shared<TlsClient>());
  RawListener listener;
  std::thread server([&] {
    RawSocket socket = listener.accept();
    socket.send("HTTP/1.1 400 Bad Request\r\n\r\n");
    socket.read_all();
  });
  auto answer = loop.run_task(get(pool, {true, "127.0.0.1", listener.port()}));
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, Code::unreachable);
  EXPECT_NE(answer.error().message.find("TLS"), std::string::npos);
  server.join();
}

TEST(Tls, LargeBodiesBothWays) {
  Identity identity("DNS:localhost");
  RootsFile roots(identity);
  Loop loop;
  UpstreamPool pool(loop, std::make_shared<TlsClient>(TlsOptions{roots.path}));
  std::string large(3 << 20, 'y');
  std::string answer_bytes = "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(large.size()) + "\r\n\r\n" + large;
  TlsServer server(identity, {1}, answer_bytes);
  auto answer = loop.run_task(get(pool, server.origin(), std::string(4096, 'x')));
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_TRUE(*answer == large);
}

TEST(Tls, ATruncatedAnswerIsNotAnEnd) {
  Identity identity("DNS:localhost");
  RootsFile roots(identity);
  Loop loop;
  UpstreamPool pool(loop, std::make_shared<TlsClient>(TlsOptions{roots.path}));
  {
    TlsServer server(identity, {1}, "HTTP/1.1 200 OK\r\n\r\nall of it", true);
    auto answer = loop.run_task(get(pool, server.origin()));
    ASSERT_TRUE(answer.ok()) << answer.error().message;
    EXPECT_EQ(*answer, "all of it");
  }
  TlsServer server(identity, {1}, "HTTP/1.1 200 OK\r\n\r\nhalf", false);  // no close_notify: anybody may have cut it
  auto answer = loop.run_task(get(pool, server.origin()));
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, Code::closed_early);
}

}  // namespace
}  // namespace basin::net
