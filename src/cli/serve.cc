// `basin serve`: the gateway, until it is told to stop.
#include <fmt/format.h>
#include <pthread.h>
#include <signal.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <thread>

#include "cli/banner.h"
#include "cli/command.h"
#include "cli/look_around.h"
#include "cli/own_server.h"
#include "cli/running.h"
#include "cli/serving.h"

namespace basin::cli {
namespace {

// Answers under way may take this long to end after the first signal; a second signal cuts them.
constexpr std::uint32_t kGraceMs = 30'000;

// Waits for signals on a thread of its own, so that nothing else has to be safe inside a signal handler. Its signals
// are blocked in every thread that starts after it was made.
class Signals {
 public:
  Signals() {
    sigemptyset(&watched_);
    for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGUSR1}) sigaddset(&watched_, number);
    pthread_sigmask(SIG_BLOCK, &watched_, nullptr);
    ::signal(SIGPIPE, SIG_IGN);
  }
  ~Signals() { end(); }
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  void start(gateway::Gateway& gateway) {
    thread_ = std::thread([this, &gateway] { watch(gateway); });
  }
  void end() {
    if (!thread_.joinable()) return;
    ending_ = true;
    pthread_kill(thread_.native_handle(), SIGUSR1);
    thread_.join();
  }
  bool interrupted() const { return interrupted_; }
  // Before start(): the signal to end that has come, or 0.
  int come() const {
    const timespec now{};
    for (int number = 0; (number = sigtimedwait(&watched_, nullptr, &now)) > 0;) {
      if (number == SIGINT || number == SIGTERM) return number;
    }
    return 0;
  }

 private:
  void watch(gateway::Gateway& gateway) {
    bool stopping = false;
    for (int number = 0; sigwait(&watched_, &number) == 0 && !ending_;) {
      if (number == SIGUSR1) continue;
      if (number == SIGHUP) {
        (void)gateway.reload();  // what it says, it says by itself
        continue;
      }
      interrupted_ = interrupted_ || number == SIGINT;
      gateway.stop(stopping ? 0 : kGraceMs);
      stopping = true;
    }
  }

  sigset_t watched_;
  std::thread thread_;
  std::atomic<bool> ending_{false};
  std::atomic<bool> interrupted_{false};
};

// For how long something has been loading, in one line at the bottom of a terminal; a pipe sees nothing.
class Waiting {
 public:
  explicit Waiting(Context& context)
      : screen_(context.err.interactive() && !context.flags.quiet ? &context.err : nullptr) {}
  ~Waiting() { wipe(); }
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;

  void show() {
    if (screen_ == nullptr) return;
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - begin_);
    screen_->write(fmt::format("\r\x1b[Kloading, {} s", seconds.count()));
  }
  void wipe() {
    if (screen_ != nullptr) screen_->write("\r\x1b[K");
  }

 private:
  Terminal* screen_;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

class Serve : public Command {
 public:
  void declare(Options& options) override {
    options.number("-p,--port", "PORT", port_, "where to listen; 0 takes any free port (default 4100)", 0, 65535);
    options.text("--host", "ADDRESS", host_, "address to listen on; anything but loopback needs a token");
    options.text("--gguf", "MODEL", own_.model, "run a llama-server with this file, or name at Ollama, beside Basin")
        .number("--context", "TOKENS", own_.context, "with --gguf: of one conversation (default 32768 at most)", 256,
                1e7)
        .number("--slots", "N", own_.slots, "with --gguf: conversations at once (default 2)", 1, 64);
  }

  Exit run(Context& context) override {
    Signals signals;
    ServingOptions options;
    options.config = context.flags.config;
    options.port = port_;
    if (!host_.empty()) options.host = host_;
    options.say = [&context](std::string_view text) { context.note(text); };

    std::unique_ptr<OwnServer> own;
    if (!own_.model.empty()) {
      auto opened = OwnServer::open(own_, context, options.say);
      if (!opened.ok()) return context.fail(opened.error());
      own = std::move(*opened);
      if (const auto stopped = wait_until_loaded(*own, signals, context)) return *stopped;
      options.own_server = own_server_at(own->url());
    }
    auto loaded = load_snapshot(options, context.environment);
    if (!loaded.ok()) return context.fail(loaded.error());
    auto gateway = open_gateway(*loaded, options, context.environment);
    if (!gateway.ok()) {
      const bool taken = gateway.error().code == base::Code::conflict;
      return context.fail(Exit::configuration,
                          gateway.error().message + (taken ? "; is another Basin running? `basin status` tells, "
                                                             "`basin serve --port 0` takes a free port"
                                                           : ""));
    }
    StateFile state;
    if (own) state.tell_own_server({loaded->own_server, own->url(), own->model_name()});
    const std::string announced = announce(context, loaded->snapshot->serve.host, (*gateway)->port(), state);
    for (const std::string& remark : loaded->remarks) context.note(remark);
    if (context.flags.json)
      context.out.line(state.describe(loaded->snapshot->serve.host, (*gateway)->port()));
    else
      print_banner(context, *loaded->snapshot, (*gateway)->port());
    if (!announced.empty()) context.note(announced);
    signals.start(**gateway);
    (*gateway)->run();
    signals.end();
    return signals.interrupted() ? Exit::interrupted : Exit::ok;
  }

 private:
  // Nothing once it is loaded; else how we end.
  static std::optional<Exit> wait_until_loaded(OwnServer& own, const Signals& signals, Context& context) {
    if (!own.remark().empty()) context.note(own.remark());
    context.note(fmt::format("loading {} with llama-server", own.model_name()));
    Waiting line(context);
    for (;;) {
      const auto loaded = own.wait(kLookAgainMs);
      if (!loaded.ok()) return line.wipe(), context.fail(loaded.error());
      if (*loaded) return std::nullopt;
      if (const int number = signals.come()) return number == SIGINT ? Exit::interrupted : Exit::ok;
      line.show();
    }
  }

  // A Basin that runs already stays the one that `basin status` and the others find: a second one, to try something,
  // must not take it from them, nor leave them with none when it ends. What there is to say about it, or nothing.
  static std::string announce(const Context& context, const std::string& host, std::uint16_t port, StateFile& state) {
    if (const auto other = find_running(context.environment); other && ask(*other, context, "GET", "/basin/health")) {
      return fmt::format("A Basin runs already at {}: `basin status` and the other commands mean that one.",
                         other->url);
    }
    const auto written = state.write(context.environment, host, port);
    return written.ok() ? std::string() : written.error().message;
  }

  std::optional<std::uint16_t> port_;
  std::string host_;
  OwnServerOptions own_;
};

}  // namespace

extern const CommandInfo kServe;
constinit const CommandInfo kServe = {
    .name = "serve",
    .summary = "run the gateway between your tools and your models",
    .details =
        "Listens on loopback, port 4100, unless told otherwise. Without "
        "configuration it runs in mode shadow: it says what it "
        "would have done and changes nothing. SIGHUP, `basin reload` and a change of "
        "the file read the configuration again; "
        "a file with a mistake changes nothing. The first SIGTERM or Ctrl-C lets "
        "answers under way end, the second cuts them. With --json the first line "
        "says where it listens, as serve.json does.\n\n"
        "With --gguf it runs a llama-server of its own (from PATH) with that model, "
        "as upstream \"llamacpp\" (\"gguf\" where an [[upstream]] has that name): on "
        "a free port of loopback, started again when it ends, stopped with Basin. "
        "`basin models`, `init` and `validate` know it while it runs.",
    .examples =
        "basin serve # with what is configured, or found\n"
        "basin serve --port 0 # on any free port, printed on the first line\n"
        "basin serve --gguf ~/models/qwen3-8b-q4_k_m.gguf # a model without a server yet\n"
        "basin --config ./basin.toml serve",
    .make = &make_command<Serve>};

}  // namespace basin::cli
