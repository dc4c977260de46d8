// What this room costs by itself: a relay that neither reads nor decides, beside the same upstream asked directly, over
// one kept-alive connection and over 32. The difference per request is the floor under every figure of the gateway.
//   build/release/src/net_bench
#include <arpa/inet.h>
#include <benchmark/benchmark.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "net/exchange.h"
#include "net/server.h"

namespace basin::net {
namespace {

constexpr std::size_t kAnswerBytes = 1024;

// A client that knows how long the answer's body is.
class Client {
 public:
  explicit Client(std::uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int on = 1;
    ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (::connect(fd_, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0) std::abort();
  }
  Client(Client&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  ~Client() {
    if (fd_ >= 0) ::close(fd_);
  }

  void send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (n <= 0) std::abort();
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
  }

  void read_answer() {
    std::size_t end = 0;
    std::size_t size = 0;
    char buffer[8192];
    while (end == 0 || size < end + kAnswerBytes) {
      const ssize_t n = ::recv(fd_, buffer + size, sizeof buffer - size, 0);
      if (n <= 0) std::abort();
      size += static_cast<std::size_t>(n);
      if (end == 0) end = head_length({buffer, size});
    }
  }

 private:
  int fd_;
};

Task<void> answer_1k(ServerConnection& connection) {
  Bytes body;
  (void)co_await connection.read_body(body, 64u << 20);
  connection.start(200, Framing::length(kAnswerBytes)).field("Content-Type", "application/json");
  const std::string text(kAnswerBytes, 'x');
  (void)co_await connection.finish(text);
}

class Relay final : public Service {
 public:
  Relay(Loop& loop, std::uint16_t upstream_port) : pool_(loop, nullptr), origin_{false, "127.0.0.1", upstream_port} {}

  Task<void> exchange(ServerConnection& client) override {
    Bytes body;
    if (const auto read = co_await client.read_body(body, 64u << 20); !read.ok()) co_return;
    std::string head;
    HeadWriter writer(head);
    writer.request(client.head().method, client.head().target);
    for (const HeadField& field : client.head().fields) writer.field(field.name, field.value);
    writer.end();
    UpstreamExchange upstream(pool_, origin_);
    client.on_hang_up([&upstream] { upstream.cancel(); });
    const std::array<std::string_view, 1> pieces{body.view()};
    if (const auto sent = co_await upstream.send(head, pieces); !sent.ok()) co_return;
    if (const auto read = co_await upstream.read_head(10'000); !read.ok()) co_return;
    client.start(upstream.head().status, Framing::length(upstream.head().content_length.value_or(0)));
    for (;;) {
      const auto piece = co_await upstream.read_body(10'000);
      if (!piece.ok()) co_return;
      if (piece->last) {
        (void)co_await client.finish(piece->bytes);
        co_return;
      }
      const auto written = co_await client.write(piece->bytes);
      if (!written.ok()) co_return;
    }
  }

 private:
  UpstreamPool pool_;
  Origin origin_;
};

class Upstream final : public Service {
 public:
  Task<void> exchange(ServerConnection& client) override { return answer_1k(client); }
};

// A server of one thread, until the end.
class Running {
 public:
  explicit Running(ServiceFactory factory) {
    ServeOptions options;
    options.port = 0;
    options.threads = 1;
    server_ = std::move(*Server::open(options, std::move(factory)));
    thread_ = std::thread([this] { server_->run(); });
  }
  ~Running() {
    server_->stop(0);
    thread_.join();
  }
  std::uint16_t port() const { return server_->port(); }

 private:
  std::unique_ptr<Server> server_;
  std::thread thread_;
};

void round_trips(benchmark::State& state, bool relayed) {
  const Running upstream([](Loop&) { return std::make_unique<Upstream>(); });
  std::optional<Running> relay;
  if (relayed) relay.emplace([port = upstream.port()](Loop& loop) { return std::make_unique<Relay>(loop, port); });
  const std::uint16_t port = relayed ? relay->port() : upstream.port();
  const auto size = static_cast<std::size_t>(state.range(1));
  const std::string request =
      "POST /v1/messages HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: " +
      std::to_string(size) + "\r\n\r\n" + std::string(size, 'x');
  std::vector<Client> clients;
  for (std::int64_t i = 0; i < state.range(0); ++i) clients.emplace_back(port);
  for ([[maybe_unused]] auto _ : state) {
    for (Client& client : clients) client.send(request);
    for (Client& client : clients) client.read_answer();
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void direct(benchmark::State& state) { round_trips(state, false); }
void relayed(benchmark::State& state) { round_trips(state, true); }

// Connections, bytes of the request's body.
BENCHMARK(direct)->Args({1, 1024})->Args({32, 1024})->Args({1, 1 << 20})->UseRealTime();
BENCHMARK(relayed)->Args({1, 1024})->Args({32, 1024})->Args({1, 1 << 20})->UseRealTime();

}  // namespace
}  // namespace basin::net
