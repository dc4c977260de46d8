// A program run beside us that ends when we end, however that happens, and whose last words are kept.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "cli/child.h"
#include "cli/supervisor.h"

namespace basin::cli {

// What it says goes into memory alone, the last kTailLimit bytes of it: a model server's log may hold prompts.
inline constexpr std::size_t kTailLimit = std::size_t{16} << 10U;

// It stands in a process group of its own, so that a key pressed at the terminal ends us and not it: answers under way
// still need it. The kernel kills it when the thread that started it ends, so one thread starts it, each time, and
// lives as long as it shall.
class WatchedProgram : public ServerProcess {
 public:
  explicit WatchedProgram(Invocation invocation) : invocation_(std::move(invocation)) {}
  ~WatchedProgram() override { stop(); }
  WatchedProgram(const WatchedProgram&) = delete;
  WatchedProgram& operator=(const WatchedProgram&) = delete;

  base::Status start() override;
  std::optional<std::string> ended() override;
  // Asks it to end, and kills it after kPatienceMs. Blocks meanwhile.
  void stop();
  // Its last lines, at most so many.
  std::string last_lines(std::size_t count) const;

  static constexpr std::uint32_t kPatienceMs = 5'000;

 private:
  void listen();
  void close_pipe();

  Invocation invocation_;
  pid_t pid_ = 0;
  int pipe_ = -1;
  std::string tail_;
};

}  // namespace basin::cli
