// One thread starts the program, looks after it and ends it (the kernel ties a child's life to the thread that made
// it). Whoever serves waits until the model is loaded, and from then on it is a server like those that discovery
// finds: asked for its models, its dialects and its context by the same functions, under the name that a llama-server
// at its usual port would have, so that a tier that names it stays right when the server is started by hand.
#include "cli/own_server.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <limits>

#include "cli/figures.h"
#include "cli/model_files.h"
#include "net/fetch.h"
#include "upstream/ollama_store.h"

namespace basin::cli {
namespace {

using base::Code;
using base::fail;

constexpr std::string_view kProgram = "llama-server";
constexpr std::string_view kHowToGetIt =
    "no `llama-server` in PATH. It is part of llama.cpp: `brew install llama.cpp`, a release of "
    "github.com/ggml-org/llama.cpp, or its Debian package; put it into PATH and start again. Without it: a model in "
    "Ollama, LM Studio or vLLM is found by itself, `basin serve` alone is enough";
constexpr std::size_t kLastLines = 12;
constexpr std::uint32_t kHealthMs = 1'000;

std::int64_t monotonic_ms() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
}

// A port that is free now. Somebody may take it before the program does; then that says so and ends.
base::Result<std::uint16_t> free_port() {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* any = reinterpret_cast<sockaddr*>(&address);
  const bool bound = fd >= 0 && bind(fd, any, size) == 0 && getsockname(fd, any, &size) == 0;
  if (fd >= 0) close(fd);
  if (!bound) return fail(Code::conflict, "no port is free on loopback for the model server");
  return ntohs(address.sin_port);
}

// What the kernel thinks programs can still have; 0 where it does not say.
std::uint64_t available_memory() {
  std::ifstream file("/proc/meminfo");
  std::string name;
  for (std::uint64_t kilobytes = 0; file >> name >> kilobytes;
       file.ignore(std::numeric_limits<std::streamsize>::max(), '\n')) {
    if (name == "MemAvailable:") return kilobytes * 1024;
  }
  return 0;
}

std::string memory_remark(const MemoryEstimate& memory, std::uint32_t slots) {
  const std::uint64_t wanted = memory.total_bytes() + (slots - 1) * memory.kv_bytes;
  const std::uint64_t there = available_memory();
  if (there == 0 || wanted <= there) return {};
  return fmt::format(
      "the model takes about {} ({} of weights, {} for {} conversations of {} tokens), and {} of memory are available: "
      "unless a graphics card holds it, take a smaller quantisation, --context or --slots",
      in_bytes(wanted), in_bytes(memory.weights_bytes), in_bytes(slots * memory.kv_bytes), slots,
      grouped(memory.context), in_bytes(there));
}

// The name that requests use: the file's, which says the size as people write it, or the one it was asked by.
std::string name_for(const std::string& asked, const upstream::ModelFile& file) {
  std::error_code unknown;
  return std::filesystem::exists(asked, unknown) ? std::filesystem::path(file.path).stem().string() : asked;
}

}  // namespace

// The program, ready when its health says so.
class OwnServer::Program final : public WatchedProgram {
 public:
  Program(Invocation invocation, std::string health_url)
      : WatchedProgram(std::move(invocation)), health_url_(std::move(health_url)) {}

  bool ready() override {
    net::FetchRequest request;
    request.url = health_url_;
    request.timeout_ms = kHealthMs;
    const auto response = net::blocking_fetch(std::move(request));
    return response.ok() && response->status == 200;
  }

 private:
  std::string health_url_;
};

base::Result<std::unique_ptr<OwnServer>> OwnServer::open(const OwnServerOptions& options, const Context& context,
                                                         std::function<void(std::string_view)> say) {
  const auto program = find_program(kProgram, context.environment);
  if (!program) return fail(Code::not_found, std::string(kHowToGetIt));
  const auto stores = upstream::model_stores([&](std::string_view name) { return context.environment.get(name); });
  const auto file = upstream::open_model(options.model, stores);
  if (!file) return file.error();
  if (file->form != upstream::ModelForm::gguf)
    return fail(Code::unsupported, file->path +
                                       " holds safetensors, and llama-server loads GGUF: look for a GGUF of "
                                       "this model, or convert it (llama.cpp's convert_hf_to_gguf.py)");
  const auto port = free_port();
  if (!port) return port.error();
  const MemoryEstimate memory = estimate(*file, options.context);
  const std::string name = name_for(options.model, *file);
  Invocation invocation{
      .words = {*program, "--model", file->path, "--alias", name, "--host", "127.0.0.1", "--port",
                std::to_string(*port), "--ctx-size", std::to_string(std::uint64_t{memory.context} * options.slots),
                "--parallel", std::to_string(options.slots), "--jinja"},
      .variables = context.environment.variables()};
  const std::string url = fmt::format("http://127.0.0.1:{}", *port);
  std::unique_ptr<OwnServer> server(new OwnServer(std::move(invocation), url, name, std::move(say)));
  server->remark_ = memory_remark(memory, options.slots);
  return server;
}

OwnServer::OwnServer(Invocation invocation, std::string url, std::string name,
                     std::function<void(std::string_view)> say)
    : program_(std::make_unique<Program>(std::move(invocation), url + "/health")),
      url_(std::move(url)),
      name_(std::move(name)),
      say_(std::move(say)),
      thread_([this] { keep_running(); }) {}

OwnServer::~OwnServer() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void OwnServer::keep_running() {
  Supervisor supervisor(*program_, say_);
  std::unique_lock lock(mutex_);
  while (!ending_) {
    lock.unlock();
    supervisor.look(monotonic_ms());
    lock.lock();
    if (supervisor.state() == Supervisor::State::failed)
      reason_ = fmt::format("{}; its last lines:\n{}", supervisor.reason(), program_->last_lines(kLastLines));
    state_ = supervisor.state();
    changed_.notify_all();
    changed_.wait_for(lock, std::chrono::milliseconds(kLookAgainMs), [this] { return ending_; });
  }
  lock.unlock();
  program_->stop();
}

base::Result<bool> OwnServer::wait(std::uint32_t ms) {
  std::unique_lock lock(mutex_);
  const auto decided = [this] { return state_ == Supervisor::State::ready || state_ == Supervisor::State::failed; };
  changed_.wait_for(lock, std::chrono::milliseconds(ms), decided);
  if (state_ == Supervisor::State::failed)
    return fail(Code::unreachable, fmt::format("llama-server could not serve {}: {}{}{}", name_, reason_,
                                               remark_.empty() ? "" : "\n", remark_));
  return state_ == Supervisor::State::ready;
}

}  // namespace basin::cli
