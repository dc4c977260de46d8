// For this room's tests: a scripted upstream and a gateway before it, both real servers on loopback.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "gateway/gateway.h"
#include "geometry/builtin.h"
#include "net/fetch.h"
#include "net/server.h"

namespace basin::gateway::testing {

// What an upstream answers: a head's fields and the pieces of a body; `cut` ends the connection behind them.
struct Reply {
  int status = 200;
  std::string type = "application/json";
  std::vector<std::string> pieces{"{}"};
  bool cut = false;
  std::string coding;  // content-encoding; empty: none
};

struct Seen {
  std::string target;
  std::string body;
};

// Serves on a thread until it is destroyed; answers every request with `reply` and remembers what came.
class Upstream {
 public:
  explicit Upstream(Reply reply) : reply_(std::move(reply)) {
    net::ServeOptions options;
    options.port = 0;
    options.threads = 1;
    auto opened = net::Server::open(options, [this](net::Loop&) { return std::make_unique<Answers>(*this); });
    EXPECT_TRUE(opened.ok());
    server_ = std::move(*opened);
    thread_ = std::thread([this] { server_->run(); });
  }
  ~Upstream() {
    server_->stop(0);
    thread_.join();
  }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(server_->port()); }
  std::vector<Seen> seen() const {
    const std::lock_guard lock(mutex_);
    return seen_;
  }

 private:
  struct Answers final : net::Service {
    explicit Answers(Upstream& owner) : upstream(owner) {}
    net::Task<void> exchange(net::ServerConnection& client) override {
      net::Bytes body;
      const auto read = co_await client.read_body(body, 1u << 20);
      if (!read.ok()) co_return;
      {
        const std::lock_guard lock(upstream.mutex_);
        upstream.seen_.push_back({std::string(client.head().target), std::string(body.view())});
      }
      auto head = client.start(upstream.reply_.status, net::Framing::chunked());
      head.field("Content-Type", upstream.reply_.type);
      if (!upstream.reply_.coding.empty()) head.field("Content-Encoding", upstream.reply_.coding);
      for (const std::string& piece : upstream.reply_.pieces) {
        const auto written = co_await client.write(piece);
        if (!written.ok()) co_return;
      }
      if (!upstream.reply_.cut) {
        const auto finished = co_await client.finish();
        (void)finished;
      }
    }
    Upstream& upstream;
  };

  const Reply reply_;
  mutable std::mutex mutex_;
  std::vector<Seen> seen_;
  std::unique_ptr<net::Server> server_;
  std::thread thread_;
};

// A configuration with a small and a large tier on one upstream, on any free port.
inline std::shared_ptr<Snapshot> snapshot_of(const std::string& upstream_url) {
  upstream::Options options;
  options.upstreams.push_back(
      {.name = "near", .base_url = upstream_url, .dialects = {core::Dialect::anthropic, core::Dialect::openai_chat}});
  options.tiers.push_back({.name = "small", .upstream = "near", .model = "little", .context = 100'000});
  options.tiers.push_back({.name = "large", .upstream = "near", .model = "big", .context = 100'000});
  auto snapshot = std::make_shared<Snapshot>();
  snapshot->serve.port = 0;
  snapshot->serve.threads = 1;
  auto catalogue = upstream::Catalogue::build(options);
  EXPECT_TRUE(catalogue.ok());
  snapshot->catalogue = std::move(*catalogue);
  snapshot->routing.mode = core::Mode::on;
  snapshot->prices = std::make_shared<const ledger::PriceTable>();
  return snapshot;
}

// Serves on a thread until it is destroyed.
class Running {
 public:
  explicit Running(std::shared_ptr<const Snapshot> first, SnapshotSource load = {},
                   std::shared_ptr<const geometry::Model> model = geometry::builtin_model()) {
    Gateway::Options options;
    options.version = "test";
    options.model = std::move(model);
    options.load = std::move(load);
    auto opened = Gateway::open(std::move(first), std::move(options));
    EXPECT_TRUE(opened.ok());
    gateway_ = std::move(*opened);
    thread_ = std::thread([this] { gateway_->run(); });
  }
  ~Running() {
    gateway_->stop(0);
    thread_.join();
  }
  Gateway& gateway() { return *gateway_; }

  using Fields = std::vector<std::pair<std::string, std::string>>;
  net::FetchResponse ask(const std::string& method, const std::string& path, const std::string& body = {},
                         Fields fields = {}) const {
    net::FetchRequest request;
    request.method = method;
    request.url = "http://127.0.0.1:" + std::to_string(gateway_->port()) + path;
    request.body = body;
    request.fields = std::move(fields);
    auto response = net::blocking_fetch(std::move(request));
    EXPECT_TRUE(response.ok()) << (response.ok() ? "" : response.error().message);
    return response.ok() ? std::move(*response) : net::FetchResponse{};
  }

 private:
  std::unique_ptr<Gateway> gateway_;
  std::thread thread_;
};

inline std::string field_of(const net::FetchResponse& response, std::string_view name) {
  for (const auto& [key, value] : response.fields) {
    if (net::equal_ignoring_case(key, name)) return value;
  }
  return {};
}

}  // namespace basin::gateway::testing
