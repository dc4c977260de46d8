// `basin serve --gguf`: a llama-server of our own, which serves one model and lives as long as we do. See
// own_server.cc.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "base/result.h"
#include "cli/command.h"
#include "cli/watched_program.h"
#include "upstream/model_file.h"

namespace basin::cli {

// What is wanted of it.
struct OwnServerOptions {
  std::string model;          // a path, or a name at Ollama
  std::uint32_t context = 0;  // tokens of one conversation; 0: the usual number (cli/model_files.h)
  std::uint32_t slots = 2;    // conversations at once: an agent's, and its titles and summaries beside it
};

// Any thread may ask; one waits.
class OwnServer {
 public:
  // Looks for the program, opens the model, and starts. `say` is told of ends and new starts, from another thread.
  // Errors, each with advice: not_found (no llama-server; no such model), those of open_model, unsupported (no GGUF).
  static base::Result<std::unique_ptr<OwnServer>> open(const OwnServerOptions& options, const Context& context,
                                                       std::function<void(std::string_view)> say);
  // Stops it.
  ~OwnServer();
  OwnServer(const OwnServer&) = delete;
  OwnServer& operator=(const OwnServer&) = delete;

  // Whether it is loaded after so long at most; nothing while it is not. Errors: unreachable, with its last lines.
  base::Result<bool> wait(std::uint32_t ms);
  const std::string& url() const { return url_; }  // "http://127.0.0.1:40123"
  // What people should know before it is loaded: "4.9 GB of ... are wanted, and ... are there"; or "".
  const std::string& remark() const { return remark_; }
  const std::string& model_name() const { return name_; }

 private:
  OwnServer(Invocation invocation, std::string url, std::string name, std::function<void(std::string_view)> say);
  void keep_running();

  class Program;
  std::unique_ptr<Program> program_;
  std::string url_, name_, remark_;
  std::function<void(std::string_view)> say_;
  std::mutex mutex_;
  std::condition_variable changed_;
  Supervisor::State state_ = Supervisor::State::loading;
  std::string reason_;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace basin::cli
