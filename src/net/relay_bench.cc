// What this room costs by itself: a relay that neither reads nor decides, beside the same upstream asked directly, over
// one kept-alive connection and over 32. The difference per request is the floor under every figure of the gateway.
//   build/release/src/net_bench
#include <benchmark/benchmark.h>

#include <array>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "net/exchange.h"
#include "net/server.h"
#include "net/testing.h"

namespace basin::net {
namespace {

using testing::RawSocket;

Task<void> answer_1k(ServerConnection& connection) {
  Bytes body;
  (void)co_await connection.read_body(body, 64u << 20);
  connection.start(200, Framing::length(1024)).field("Content-Type", "application/json");
  const std::string text(1024, 'x');
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

// The relay, if any, and what it relays to.
struct Path {
  testing::TestServer upstream{answer_1k};
  std::unique_ptr<Server> relay;
  std::thread thread;
  std::uint16_t port;

  explicit Path(bool relayed) : port(upstream.server().port()) {
    if (!relayed) return;
    ServeOptions options;
    options.port = 0;
    options.threads = 1;
    relay =
        std::move(*Server::open(options, [port = port](Loop& loop) { return std::make_unique<Relay>(loop, port); }));
    port = relay->port();
    thread = std::thread([this] { relay->run(); });
  }
  ~Path() {
    if (!relay) return;
    relay->stop(0);
    thread.join();
  }
};

void round_trips(benchmark::State& state, bool relayed) {
  Path path(relayed);
  const auto size = static_cast<std::size_t>(state.range(1));
  const std::string request =
      "POST /v1/messages HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: " +
      std::to_string(size) + "\r\n\r\n" + std::string(size, 'x');
  std::vector<RawSocket> clients;
  for (std::int64_t i = 0; i < state.range(0); ++i) clients.push_back(RawSocket::connect(path.port));
  for ([[maybe_unused]] auto _ : state) {
    for (RawSocket& client : clients) client.send(request);
    for (RawSocket& client : clients) {
      client.read_until("\r\n\r\n");
      client.read_exactly(1024);
    }
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
