// Keeps a server's process running: waits until it is ready, starts it again when it ends, each time a little later.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace basin::cli {

// The process, as its supervisor sees it. One thread.
class ServerProcess {
 public:
  virtual ~ServerProcess() = default;
  virtual base::Status start() = 0;
  // How it ended ("exit code 1", "signal 11"); nothing as long as it runs.
  virtual std::optional<std::string> ended() = 0;
  // Whether it says that it can be asked. May block for a second.
  virtual bool ready() = 0;
};

// A state machine that is looked at again and again. Where the process ends before it was ready for the first time it
// is not tried again: a wrong file or too little memory will be as wrong in a second.
class Supervisor {
 public:
  enum class State : std::uint8_t { loading, ready, waiting, failed };

  // `say` is told of ends and new starts, one line each. Both outlive the supervisor.
  Supervisor(ServerProcess& process, std::function<void(std::string_view)> say)
      : process_(process), say_(std::move(say)) {}

  // Does what there is to do. The time is monotonic and never goes back; call again within kLookAgainMs.
  void look(std::int64_t now_ms);
  State state() const { return state_; }
  const std::string& reason() const { return reason_; }  // why it failed

 private:
  void start(std::int64_t now_ms);
  void came_to_an_end(const std::string& how, std::int64_t now_ms);

  ServerProcess& process_;
  std::function<void(std::string_view)> say_;
  State state_ = State::waiting;
  std::string reason_;
  bool was_ready_ = false;
  std::int64_t next_start_ms_ = 0, ready_since_ms_ = 0;
  std::uint32_t backoff_ms_ = 0;
};

inline constexpr std::uint32_t kLookAgainMs = 250;
// Between an end and the next start: doubled from one time to the next, so that a server that cannot live does not take
// the machine's whole time with loading; from the beginning again after a while without an end.
inline constexpr std::uint32_t kFirstBackoffMs = 1'000;
inline constexpr std::uint32_t kMostBackoffMs = 60'000;
inline constexpr std::uint32_t kStableMs = 120'000;

}  // namespace basin::cli
