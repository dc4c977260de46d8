// One listening socket, accepted from by the first worker, which hands each connection to the worker with the fewest.
// The alternatives balance worse: SO_REUSEPORT hashes, so that of a developer's two or three
// keep-alive connections all may land on one thread; a shared listener wakes whoever sleeps, which with a burst of new
// connections is the same thread again. Handing over costs a wake-up of the other thread per connection, not per
// request. From then on a connection never leaves its thread.
#include "net/server.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <list>
#include <mutex>
#include <thread>
#include <vector>

#include "net/limits.h"
#include "net/origin.h"

namespace basin::net {

using base::Code;

namespace {

// Connections the kernel completes for us while we are busy.
constexpr int kBacklog = 1024;
// Out of descriptors: how long to let others end before accepting again.
constexpr std::int64_t kAcceptPauseMs = 100;
// More threads than this do not serve a gateway faster that waits for models; see ServeOptions::threads.
constexpr unsigned kThreads = 4;

unsigned thread_count(unsigned wanted) {
  if (wanted > 0) return wanted;
  return std::clamp(std::thread::hardware_concurrency(), 1u, kThreads);
}

void set_option(int fd, int level, int name, int value) { ::setsockopt(fd, level, name, &value, sizeof value); }

base::Result<int> listen_on(const addrinfo& address, const std::string& where) {
  int fd = ::socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return base::fail(Code::internal, std::string("socket: ") + std::strerror(errno));
  // Accepted sockets inherit these. REUSEADDR: a restart must not wait for old connections to time out.
  set_option(fd, SOL_SOCKET, SO_REUSEADDR, 1);
  set_option(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
  set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
  if (::bind(fd, address.ai_addr, address.ai_addrlen) == 0 && ::listen(fd, kBacklog) == 0) return fd;
  int error = errno;
  ::close(fd);
  if (error == EADDRINUSE) return base::fail(Code::conflict, where + " is taken by another program");
  return base::fail(Code::configuration, "cannot listen on " + where + ": " + std::strerror(error));
}

base::Result<int> listen_on(const ServeOptions& options) {
  std::string where = Origin{true, options.host, options.port}.authority();
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  int error = ::getaddrinfo(options.host.c_str(), std::to_string(options.port).c_str(), &hints, &found);
  if (error != 0) return base::fail(Code::configuration, "no such address to listen on: " + options.host);
  base::Result<int> fd = listen_on(*found, where);
  ::freeaddrinfo(found);
  return fd;
}

std::uint16_t port_of(int fd) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) return 0;
  if (address.ss_family == AF_INET6) return ntohs(reinterpret_cast<sockaddr_in6&>(address).sin6_port);
  return ntohs(reinterpret_cast<sockaddr_in&>(address).sin_port);
}

// Calls back for each connection the kernel has ready.
class Acceptor final : private Watcher {
 public:
  Acceptor(Loop& loop, int fd, std::function<void(int)> accepted)
      : loop_(loop),
        fd_(fd),
        readiness_(loop, fd, *this),
        accepted_(std::move(accepted)),
        again_(&Acceptor::on_timer, this) {
    loop_.link(*this);
    readiness_.want_read();
  }
  ~Acceptor() override { close(); }

  void close() {
    if (fd_ < 0) return;
    readiness_.forget();
    unlink();
    ::close(fd_);
    fd_ = -1;
  }

 private:
  static void on_timer(void* self) { static_cast<Acceptor*>(self)->accept_all(); }
  void on_ready(Ready) override { accept_all(); }
  void on_stop() override { close(); }

  void accept_all() {
    while (fd_ >= 0) {
      int fd = ::accept4(fd_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (fd >= 0) {
        accepted_(fd);
        continue;
      }
      if (errno == EAGAIN || errno == EWOULDBLOCK) return readiness_.want_read();
      if (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS)
        return loop_.timers().arm(again_, loop_.now_ms() + kAcceptPauseMs);
      // Else it is this one connection's trouble (ECONNABORTED, EPROTO, a signal): on with the next.
    }
  }

  Loop& loop_;
  int fd_;
  Readiness readiness_;
  std::function<void(int)> accepted_;
  Timer again_;
};

}  // namespace

// One thread: its loop, its service, its connections.
class Server::Worker {
 public:
  explicit Worker(const ServeOptions& options)
      : limits_{options.header_timeout_ms, options.body_timeout_ms, options.idle_timeout_ms},
        deadline_([](void* self) { static_cast<Worker*>(self)->loop_.stop(); }, this) {}

  Loop& loop() { return loop_; }
  Service* service() { return service_.get(); }
  std::atomic<std::size_t>& open() { return open_; }

  // Serves until told to drain. The factory runs here, on the worker's own thread, and so does the service's end.
  void run(const ServiceFactory& factory) {
    service_ = factory(loop_);
    loop_.run();
    service_.reset();
  }

  // REQUIRES: `open` was counted up for it.
  void take(int fd) {
    if (draining_) {
      ::close(fd);
      --open_;
      return;
    }
    loop_.spawn(serve(fd));
  }

  void turn_away(int fd, std::atomic<std::size_t>& count) { loop_.spawn(refuse(fd, count)); }

  void drain(std::uint32_t grace_ms) {
    draining_ = true;
    for (ServerConnection* connection : connections_) connection->drain();
    std::int64_t when_ms = loop_.now_ms() + grace_ms;
    if (!deadline_.armed() || when_ms < deadline_ms_) loop_.timers().arm(deadline_, deadline_ms_ = when_ms);
    stop_when_empty();
  }

 private:
  Task<void> serve(int fd) {
    {
      ServerConnection connection(loop_, fd, limits_);
      auto place = connections_.insert(connections_.end(), &connection);
      co_await exchanges(connection);
      connections_.erase(place);
    }
    --open_;
    stop_when_empty();
  }

  Task<void> exchanges(ServerConnection& connection) {
    for (;;) {
      base::Status head = co_await connection.read_head();
      if (!head.ok()) {
        if (head.error().code != Code::cancelled) co_await connection.refuse(head.error());
        co_return;
      }
      co_await service_->exchange(connection);
      connection.end_exchange();
      if (connection.reusable()) continue;
      co_await connection.linger();
      co_return;
    }
  }

  Task<void> refuse(int fd, std::atomic<std::size_t>& count) {
    {
      ServerConnection connection(loop_, fd, limits_);
      co_await connection.refuse(base::fail(Code::conflict, "too many connections at once; try again"));
    }
    --count;
  }

  void stop_when_empty() {
    if (draining_ && connections_.empty()) loop_.stop();
  }

  Loop loop_;
  ConnectionLimits limits_;
  std::unique_ptr<Service> service_;
  std::list<ServerConnection*> connections_;
  std::atomic<std::size_t> open_ = 0;  // counted up by who hands over, down here
  bool draining_ = false;
  Timer deadline_;
  std::int64_t deadline_ms_ = 0;
};

struct Server::Shared {
  ServeOptions options;
  ServiceFactory factory;
  std::uint16_t port = 0;
  std::vector<std::unique_ptr<Worker>> workers;
  std::unique_ptr<Acceptor> acceptor;  // of the first worker's loop
  std::size_t next = 0;                // where ties go
  std::atomic<std::uint64_t> accepted = 0;
  std::atomic<std::uint64_t> turned_away = 0;
  std::atomic<std::size_t> refusing = 0;

  std::size_t open() const {
    std::size_t sum = 0;
    for (const auto& worker : workers) sum += worker->open();
    return sum;
  }

  // On the first worker's thread.
  void hand_out(int fd) {
    if (open() >= options.max_connections) {
      ++turned_away;
      if (refusing >= kTurnedAway) {
        ::close(fd);
        return;
      }
      ++refusing;
      workers.front()->turn_away(fd, refusing);
      return;
    }
    ++accepted;
    Worker* chosen = nullptr;
    for (std::size_t i = 0; i < workers.size(); ++i) {
      Worker* candidate = workers[(next + i) % workers.size()].get();
      if (!chosen || candidate->open() < chosen->open()) chosen = candidate;
    }
    next = (next + 1) % workers.size();
    ++chosen->open();
    if (chosen == workers.front().get())
      chosen->take(fd);
    else
      chosen->loop().post([chosen, fd] { chosen->take(fd); });
  }
};

Server::Server(std::unique_ptr<Shared> shared) : shared_(std::move(shared)) {}
Server::~Server() = default;

base::Result<std::unique_ptr<Server>> Server::open(const ServeOptions& options, ServiceFactory factory) {
  base::Result<int> fd = listen_on(options);
  if (!fd.ok()) return fd.error();
  auto shared = std::make_unique<Shared>();
  shared->options = options;
  shared->factory = std::move(factory);
  shared->port = port_of(*fd);
  for (unsigned i = 0; i < thread_count(options.threads); ++i)
    shared->workers.push_back(std::make_unique<Worker>(options));
  Shared* everything = shared.get();
  shared->acceptor = std::make_unique<Acceptor>(shared->workers.front()->loop(), *fd,
                                                [everything](int client) { everything->hand_out(client); });
  return std::unique_ptr<Server>(new Server(std::move(shared)));
}

std::uint16_t Server::port() const { return shared_->port; }

void Server::run() {
  std::vector<std::thread> threads;
  for (std::size_t i = 1; i < shared_->workers.size(); ++i)
    threads.emplace_back([this, i] { shared_->workers[i]->run(shared_->factory); });
  shared_->workers.front()->run(shared_->factory);
  for (std::thread& thread : threads) thread.join();
}

void Server::stop(std::uint32_t grace_ms) {
  // The acceptor first, on its own thread, and from there the others: no connection is handed to a drained worker.
  Shared* everything = shared_.get();
  everything->workers.front()->loop().post([everything, grace_ms] {
    everything->acceptor->close();
    for (auto& worker : everything->workers) {
      Worker* each = worker.get();
      each->loop().post([each, grace_ms] { each->drain(grace_ms); });
    }
  });
}

void Server::on_every_loop(std::function<void(Service&)> work) {
  auto job = std::make_shared<std::function<void(Service&)>>(std::move(work));
  for (auto& worker : shared_->workers) {
    Worker* each = worker.get();
    each->loop().post([each, job] {
      if (each->service()) (*job)(*each->service());
    });
  }
}

ServerCounts Server::counts() const { return {shared_->accepted.load(), shared_->turned_away.load(), shared_->open()}; }

}  // namespace basin::net
