#include "load_modes.h"

#include <algorithm>
#include <charconv>
#include <deque>
#include <vector>

namespace basin::bench {
namespace {

constexpr std::uint64_t kErrorLimit = 1000;  // a target that refuses everything ends the run

// What the three modes share: connections, the choice of the next request, and the clock.
struct Session {
  Session(const Options& wanted, std::span<const Request> pool)
      : options(wanted), requests(pool), serial(wanted.first_serial), begin_ns(now_ns()) {
    connections.reserve(options.connections);
    for (std::size_t i = 0; i < options.connections; ++i) connections.emplace_back(poller, i, options.port);
    counted_from_ns = begin_ns + static_cast<std::uint64_t>(options.warmup_s * 1e9);
    end_ns = counted_from_ns + static_cast<std::uint64_t>(options.seconds * 1e9);
  }

  void send_next(Connection& connection, std::uint64_t due_ns) {
    const Request& request = requests[serial % requests.size()];
    connection.send(request, serial++, due_ns);
  }

  void count(Outcome& outcome, const Connection& connection, std::uint64_t at_ns) const {
    if (connection.started_ns() >= counted_from_ns) outcome.latency.add(at_ns - connection.started_ns());
  }

  Options options;
  std::span<const Request> requests;
  Poller poller;
  std::vector<Connection> connections;
  std::uint64_t serial;
  std::uint64_t begin_ns, counted_from_ns = 0, end_ns = 0;
};

// The paced events of a stream carry "t=" and 20 digits: when the upstream wrote them.
void read_stamps(std::string& text, std::uint64_t at_ns, bool counted, Outcome& outcome) {
  constexpr std::size_t kDigits = 20;
  std::size_t from = 0;
  for (;;) {
    const std::size_t mark = text.find("\"t=", from);
    if (mark == std::string::npos || mark + 3 + kDigits > text.size()) {
      text.erase(
          0, mark == std::string::npos ? std::max(from, text.size() - std::min<std::size_t>(text.size(), 2)) : mark);
      return;
    }
    std::uint64_t written_ns = 0;
    std::from_chars(text.data() + mark + 3, text.data() + mark + 3 + kDigits, written_ns);
    if (counted && at_ns > written_ns) outcome.event_delay.add(at_ns - written_ns);
    from = mark + 3 + kDigits;
  }
}

}  // namespace

void Outcome::merge(const Outcome& other) {
  latency.merge(other.latency);
  event_delay.merge(other.event_delay);
  errors += other.errors;
  unfinished += other.unfinished;
  counted_s = std::max(counted_s, other.counted_s);
}

Outcome run_closed(const Options& options, std::span<const Request> requests) {
  Session session(options, requests);
  Outcome outcome;
  for (Connection& connection : session.connections) session.send_next(connection, now_ns());
  std::uint64_t now = now_ns();
  while (now < session.end_ns && outcome.errors < kErrorLimit) {
    for (const epoll_event& event : session.poller.wait(session.end_ns)) {
      if (event.data.u64 == Poller::kTimer) continue;
      Connection& connection = session.connections[event.data.u64];
      const Connection::Progress progress = connection.drive(event.events, nullptr);
      now = now_ns();
      if (progress == Connection::Progress::finished) session.count(outcome, connection, now);
      if (progress == Connection::Progress::failed) ++outcome.errors;
      if (connection.idle()) session.send_next(connection, now);
    }
    now = now_ns();
  }
  outcome.counted_s = options.seconds;
  return outcome;
}

Outcome run_open(const Options& options, std::span<const Request> requests) {
  Session session(options, requests);
  Outcome outcome;
  std::vector<Connection*> idle;
  for (Connection& connection : session.connections) idle.push_back(&connection);
  std::deque<std::uint64_t> due;
  const double gap_ns = 1e9 / options.rate;
  std::uint64_t fallen = 0;
  const auto next_ns = [&] {
    return session.begin_ns + static_cast<std::uint64_t>(gap_ns * static_cast<double>(fallen));
  };
  std::uint64_t now = now_ns();
  while (now < session.end_ns && outcome.errors < kErrorLimit) {
    for (; next_ns() <= now; ++fallen) due.push_back(next_ns());
    while (!due.empty() && !idle.empty()) {
      session.send_next(*idle.back(), due.front());
      idle.pop_back();
      due.pop_front();
    }
    session.poller.set_timer(next_ns());
    for (const epoll_event& event : session.poller.wait(session.end_ns)) {
      if (event.data.u64 == Poller::kTimer) continue;
      Connection& connection = session.connections[event.data.u64];
      const Connection::Progress progress = connection.drive(event.events, nullptr);
      if (progress == Connection::Progress::finished) session.count(outcome, connection, now_ns());
      if (progress == Connection::Progress::failed) ++outcome.errors;
      if (progress == Connection::Progress::finished || progress == Connection::Progress::failed)
        idle.push_back(&connection);
    }
    now = now_ns();
  }
  outcome.unfinished = due.size() + (session.connections.size() - idle.size());
  outcome.counted_s = options.seconds;
  return outcome;
}

Outcome run_streams(const Options& options, std::span<const Request> requests) {
  Session session(options, requests);
  Outcome outcome;
  std::vector<std::string> texts(options.connections);
  std::size_t opened = 0;
  const double spread_ns = options.warmup_s * 1e9 / static_cast<double>(options.connections);
  std::uint64_t now = now_ns();
  while (now < session.end_ns && outcome.errors < kErrorLimit) {
    const auto due_ns = session.begin_ns + static_cast<std::uint64_t>(spread_ns * static_cast<double>(opened));
    if (opened < options.connections && due_ns <= now) {
      session.send_next(session.connections[opened++], now);
      continue;
    }
    if (opened < options.connections) session.poller.set_timer(due_ns);
    for (const epoll_event& event : session.poller.wait(session.end_ns)) {
      if (event.data.u64 == Poller::kTimer || event.data.u64 >= opened) continue;
      Connection& connection = session.connections[event.data.u64];
      std::string& text = texts[event.data.u64];
      const std::uint64_t first_byte_since_ns = text.empty() ? connection.started_ns() : 0;
      const Connection::Progress progress = connection.drive(event.events, &text);
      now = now_ns();
      if (first_byte_since_ns != 0 && !text.empty()) outcome.latency.add(now - first_byte_since_ns);
      read_stamps(text, now, now >= session.counted_from_ns, outcome);
      if (progress == Connection::Progress::failed) ++outcome.errors;
      if (connection.idle()) {
        text.clear();
        session.send_next(connection, now);
      }
    }
    now = now_ns();
  }
  outcome.counted_s = options.seconds;
  return outcome;
}

}  // namespace basin::bench
