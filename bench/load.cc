// The load generator of the benchmarks. Loopback only.
//
//   load closed|open|streams --port P --bodies FILE [--connections N] [--seconds S] [--warmup S] [--threads T]
//        [--rate R] [--events N --interval-us U]
//
// FILE holds one request body a line; each must contain the placeholder ########## (ten of it), which becomes a serial
// number. Prints one JSON object: what was counted, and percentiles in microseconds.
#include <fmt/format.h>

#include <charconv>
#include <cstring>
#include <fstream>
#include <functional>
#include <map>
#include <thread>

#include "load_modes.h"

namespace basin::bench {
namespace {

constexpr std::string_view kPlaceholder = "##########";

// The headers of a real client's request (an SDK's), so that copying them costs what it costs.
std::string head_of(std::uint16_t port, std::size_t length, std::string_view extra) {
  return fmt::format(
      "POST /v1/messages HTTP/1.1\r\nHost: 127.0.0.1:{}\r\naccept: application/json\r\ncontent-type: "
      "application/json\r\n"
      "user-agent: bench/1.0\r\nx-api-key: sk-ant-api03-bench-bench-bench\r\nanthropic-version: 2023-06-01\r\n"
      "anthropic-beta: interleaved-thinking-2025-05-14\r\nx-stainless-lang: js\r\nx-stainless-package-version: "
      "1.12.0\r\n"
      "x-stainless-os: Linux\r\nx-stainless-arch: x64\r\nx-stainless-runtime: node\r\nx-stainless-retry-count: 0\r\n"
      "x-stainless-timeout: 600\r\n{}content-length: {}\r\n\r\n",
      port, extra, length);
}

std::vector<Request> read_requests(const std::string& path, std::uint16_t port, std::string_view extra) {
  std::ifstream file(path);
  std::vector<Request> requests;
  for (std::string line; std::getline(file, line);) {
    const std::size_t at = line.find(kPlaceholder);
    if (at == std::string::npos) continue;
    requests.push_back({head_of(port, line.size(), extra), line.substr(0, at), line.substr(at + kPlaceholder.size())});
  }
  return requests;
}

double number_of(const std::map<std::string, std::string>& flags, const std::string& name, double otherwise) {
  const auto found = flags.find(name);
  if (found == flags.end()) return otherwise;
  double value = otherwise;
  std::from_chars(found->second.data(), found->second.data() + found->second.size(), value);
  return value;
}

Outcome run_threads(const std::function<Outcome(const Options&)>& run, const Options& options, std::size_t threads) {
  std::vector<Outcome> outcomes(threads);
  {
    std::vector<std::jthread> running;
    for (std::size_t i = 0; i < threads; ++i) {
      Options share = options;
      share.connections = std::max<std::size_t>(1, options.connections / threads);
      share.rate = options.rate / static_cast<double>(threads);
      share.first_serial = i * 100'000'000;
      running.emplace_back([&run, share, &outcome = outcomes[i]] { outcome = run(share); });
    }
  }
  for (std::size_t i = 1; i < threads; ++i) outcomes[0].merge(outcomes[i]);
  return outcomes[0];
}

void print(const Outcome& outcome) {
  const auto us = [](std::uint64_t ns) { return static_cast<double>(ns) / 1000; };
  fmt::print(R"({{"requests":{},"per_s":{:.1f},"p50_us":{:.2f},"p99_us":{:.2f},"errors":{},"unfinished":{},)"
             R"("events":{},"event_p50_us":{:.2f},"event_p99_us":{:.2f}}})"
             "\n",
             outcome.latency.count(), static_cast<double>(outcome.latency.count()) / outcome.counted_s,
             us(outcome.latency.percentile(.5)), us(outcome.latency.percentile(.99)), outcome.errors,
             outcome.unfinished, outcome.event_delay.count(), us(outcome.event_delay.percentile(.5)),
             us(outcome.event_delay.percentile(.99)));
}

}  // namespace

int main_of(int argc, char** argv) {
  std::map<std::string, std::string> flags;
  for (int i = 2; i + 1 < argc; i += 2) flags[argv[i]] = argv[i + 1];
  const std::string mode = argc > 1 ? argv[1] : "";
  Options options;
  options.port = static_cast<std::uint16_t>(number_of(flags, "--port", 0));
  options.connections = static_cast<std::size_t>(number_of(flags, "--connections", 1));
  options.seconds = number_of(flags, "--seconds", options.seconds);
  options.warmup_s = number_of(flags, "--warmup", options.warmup_s);
  options.rate = number_of(flags, "--rate", options.rate);
  std::string extra;
  if (mode == "streams") {
    extra = fmt::format("x-bench-events: {}\r\nx-bench-interval-us: {}\r\n", number_of(flags, "--events", 50),
                        number_of(flags, "--interval-us", 20'000));
  }
  const std::vector<Request> requests = read_requests(flags["--bodies"], options.port, extra);
  if (requests.empty() || options.port == 0 || (mode != "closed" && mode != "open" && mode != "streams")) {
    fmt::print(stderr, "usage: load closed|open|streams --port P --bodies FILE ... (see load.cc)\n");
    return 2;
  }
  const auto run = [&](const Options& share) {
    if (mode == "closed") return run_closed(share, requests);
    return mode == "open" ? run_open(share, requests) : run_streams(share, requests);
  };
  print(run_threads(run, options, static_cast<std::size_t>(number_of(flags, "--threads", 1))));
  return 0;
}

}  // namespace basin::bench

int main(int argc, char** argv) { return basin::bench::main_of(argc, argv); }
