// The upstream of the benchmarks: answers at once with a canned reply, or streams events at a fixed pace.
//
//   upstream --port 0 --threads 1        prints its port on the first line, ends at SIGTERM or when stdin closes
//
// It never looks into a body; the request's head says what is wanted: `x-bench-events: 50` with
// `x-bench-interval-us: 20000` asks for a stream of 50 paced events. Each paced event carries the moment at which it
// was written ("t=" and 20 digits of CLOCK_MONOTONIC), so that the load generator can tell how long it was on its way.
#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include <charconv>
#include <cstring>
#include <deque>
#include <memory>
#include <queue>
#include <thread>
#include <unordered_map>

#include "message_reader.h"
#include "poller.h"

namespace basin::bench {
namespace {

// What a small answer looks like on the wire, with the headers that vendors really send.
constexpr std::string_view kAnswerFields =
    "request-id: req_011CUzBenchmark0000000000\r\nanthropic-organization-id: 00000000-0000-4000-8000-000000000000\r\n"
    "anthropic-ratelimit-requests-limit: 4000\r\nanthropic-ratelimit-requests-remaining: 3999\r\n"
    "anthropic-ratelimit-tokens-limit: 400000\r\nanthropic-ratelimit-tokens-remaining: 398000\r\n"
    "strict-transport-security: max-age=31536000; includeSubDomains; preload\r\nvary: Accept-Encoding\r\n"
    "x-envoy-upstream-service-time: 412\r\n";

std::string whole_answer() {
  std::string text;
  while (text.size() < 700) text += "The list below keeps every item of the notes and its owner. ";
  const std::string body = fmt::format(
      R"({{"model":"claude-haiku-4-5-20251001","id":"msg_01Bench","type":"message","role":"assistant","content":)"
      R"([{{"type":"text","text":"{}"}}],"stop_reason":"end_turn","stop_sequence":null,"usage":{{"input_tokens":212,)"
      R"("cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":143}}}})",
      text);
  return fmt::format("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n{}\r\n{}", body.size(),
                     kAnswerFields, body);
}

std::string event(std::string_view name, std::string_view data) {
  const std::string text = fmt::format("event: {}\ndata: {}\n\n", name, data);
  return fmt::format("{:x}\r\n{}\r\n", text.size(), text);
}

std::string stream_begin() {
  return fmt::format(
             "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\ncache-control: no-cache\r\n"
             "transfer-encoding: chunked\r\n{}\r\n",
             kAnswerFields) +
         event("message_start",
               R"({"type":"message_start","message":{"model":"claude-haiku-4-5-20251001","id":"msg_01Bench",)"
               R"("type":"message","role":"assistant","content":[],"stop_reason":null,"stop_sequence":null,)"
               R"("usage":{"input_tokens":212,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,)"
               R"("output_tokens":1}}})") +
         event("content_block_start",
               R"({"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}})") +
         event("ping", R"({"type": "ping"})");
}

std::string stream_delta(std::uint64_t at_ns) {
  return event(
      "content_block_delta",
      fmt::format(R"({{"type":"content_block_delta","index":0,"delta":{{"type":"text_delta","text":"t={:020}"}}}})",
                  at_ns));
}

std::string stream_end() {
  return event("content_block_stop", R"({"type":"content_block_stop","index":0})") +
         event("message_delta", R"({"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},)"
                                R"("usage":{"output_tokens":143}})") +
         event("message_stop", R"({"type":"message_stop"})") + "0\r\n\r\n";
}

std::uint64_t number(std::string_view digits) {
  std::uint64_t value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

struct Connection {
  Descriptor socket;
  MessageReader request{MessageReader::Side::request};
  std::string unsent;
  std::uint64_t events_left = 0;
  std::uint64_t interval_ns = 0;
};

// When which connection has its next event to send.
struct Due {
  std::uint64_t at_ns;
  std::uint64_t id;
  friend bool operator>(const Due& a, const Due& b) { return a.at_ns > b.at_ns; }
};

// One thread: a listener and its connections.
class Server {
 public:
  explicit Server(std::uint16_t port) : listener_(listen_on(port)), port_(port_of(listener_)) {
    poller_.add(listener_.get(), kListener, EPOLLIN);
  }
  std::uint16_t port() const { return port_; }

  [[noreturn]] void run() {
    for (;;) {
      for (const epoll_event& event : poller_.wait(~0ull)) {
        if (event.data.u64 == kListener)
          accept();
        else if (event.data.u64 != Poller::kTimer)
          serve(event.data.u64, event.events);
      }
      send_due();
    }
  }

 private:
  static constexpr std::uint64_t kListener = Poller::kTimer - 1;

  void accept() {
    while (Descriptor socket = accept_from(listener_)) {
      const std::uint64_t id = next_id_++;
      poller_.add(socket.get(), id, EPOLLIN);
      connections_.emplace(id, std::make_unique<Connection>()).first->second->socket = std::move(socket);
    }
  }

  void serve(std::uint64_t id, std::uint32_t events) {
    const auto found = connections_.find(id);
    if (found == connections_.end()) return;
    Connection& connection = *found->second;
    bool alive = true;
    if (events & EPOLLOUT) alive = flush(id, connection);
    if (alive && (events & (EPOLLIN | EPOLLHUP | EPOLLERR))) alive = receive(id, connection);
    if (!alive) connections_.erase(id);
  }

  bool receive(std::uint64_t id, Connection& connection) {
    const ssize_t count = recv(connection.socket.get(), input_.data(), input_.size(), 0);
    if (count < 0) return errno == EAGAIN || errno == EWOULDBLOCK;
    if (count == 0) return false;
    std::string_view data(input_.data(), static_cast<std::size_t>(count));
    while (!data.empty()) {
      data.remove_prefix(connection.request.feed(data, nullptr));
      if (connection.request.bad()) return false;
      if (!connection.request.done()) break;
      const bool alive = answer(id, connection);
      connection.request.reset();
      if (!alive) return false;
    }
    return true;
  }

  bool answer(std::uint64_t id, Connection& connection) {
    connection.events_left = number(connection.request.field("x-bench-events"));
    if (connection.events_left == 0) return send(id, connection, whole_);
    connection.interval_ns = number(connection.request.field("x-bench-interval-us")) * 1000;
    due_.push({now_ns() + connection.interval_ns, id});
    poller_.set_timer(due_.top().at_ns);
    return send(id, connection, begin_);
  }

  void send_due() {
    while (!due_.empty() && due_.top().at_ns <= now_ns()) {
      const Due due = due_.top();
      due_.pop();
      const auto found = connections_.find(due.id);
      if (found == connections_.end()) continue;
      Connection& connection = *found->second;
      --connection.events_left;
      const bool alive = send(due.id, connection, stream_delta(now_ns())) &&
                         (connection.events_left > 0 || send(due.id, connection, end_));
      if (!alive)
        connections_.erase(due.id);
      else if (connection.events_left > 0)
        due_.push({due.at_ns + connection.interval_ns, due.id});
    }
    if (!due_.empty()) poller_.set_timer(due_.top().at_ns);
  }

  bool send(std::uint64_t id, Connection& connection, std::string_view text) {
    if (connection.unsent.empty()) {
      const ssize_t count = ::send(connection.socket.get(), text.data(), text.size(), MSG_NOSIGNAL);
      if (count < 0 && errno != EAGAIN) return false;
      if (count > 0) text.remove_prefix(static_cast<std::size_t>(count));
      if (text.empty()) return true;
      poller_.change(connection.socket.get(), id, EPOLLIN | EPOLLOUT);
    }
    connection.unsent.append(text);
    return true;
  }

  bool flush(std::uint64_t id, Connection& connection) {
    const std::string text = std::move(connection.unsent);
    connection.unsent.clear();
    poller_.change(connection.socket.get(), id, EPOLLIN);
    return text.empty() || send(id, connection, text);
  }

  Poller poller_;
  Descriptor listener_;
  std::uint16_t port_;
  std::uint64_t next_id_ = 0;
  std::unordered_map<std::uint64_t, std::unique_ptr<Connection>> connections_;
  std::priority_queue<Due, std::vector<Due>, std::greater<>> due_;
  std::string input_ = std::string(256 * 1024, '\0');
  const std::string whole_ = whole_answer(), begin_ = stream_begin(), end_ = stream_end();
};

}  // namespace
}  // namespace basin::bench

int main(int argc, char** argv) {
  using namespace basin::bench;
  std::uint16_t port = 0;
  std::uint64_t threads = 1;
  for (int i = 1; i + 1 < argc; i += 2) {
    if (std::strcmp(argv[i], "--port") == 0) port = static_cast<std::uint16_t>(number(argv[i + 1]));
    if (std::strcmp(argv[i], "--threads") == 0) threads = std::max<std::uint64_t>(1, number(argv[i + 1]));
  }
  std::vector<std::unique_ptr<Server>> servers;
  for (std::uint64_t i = 0; i < threads; ++i) {
    servers.push_back(std::make_unique<Server>(servers.empty() ? port : servers.front()->port()));
  }
  std::vector<std::jthread> running;
  for (auto& server : servers) running.emplace_back([&server] { server->run(); });
  fmt::print("{}\n", servers.front()->port());
  std::fflush(stdout);
  char ignored = 0;
  while (read(STDIN_FILENO, &ignored, 1) > 0) {}
  _exit(0);  // the one who started us is gone
}
