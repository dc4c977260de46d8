// Another program run in our place: it has our terminal, gets our signals, and its end is our end.
#pragma once

#include <sys/types.h>

#include <csignal>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "config/environment.h"

namespace basin::cli {

// The program's path: the name itself where it has a slash, else looked for in PATH.
std::optional<std::string> find_program(std::string_view name, const config::Environment& environment);

// What the program is started with: words[0] is its path.
struct Invocation {
  std::vector<std::string> words;
  config::Environment::Variables variables;
};

// C's idea of words and variables, as exec and spawn take them, pointing into an Invocation that outlives it. Made
// before a fork: afterwards nothing may be allocated.
class ExecVectors {
 public:
  explicit ExecVectors(const Invocation& invocation);
  ExecVectors(const ExecVectors&) = delete;
  ExecVectors& operator=(const ExecVectors&) = delete;

  std::vector<char*> words, variables;  // each ends with a null

 private:
  std::vector<std::string> assignments_;
};

// Becomes the program. Comes back only with an error.
base::Error become(const Invocation& invocation);

// Runs the program beside us. Made before the threads of whatever serves it, so that the signals it relays are blocked
// in them: construct, start the threads, run().
class Child {
 public:
  Child();
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  // The program's exit code, or 128 + the signal that ended it, as a shell has it. A signal that somebody sent to us is
  // sent on; one from the terminal reaches the program by itself. Stops when the program stops.
  base::Result<int> run(const Invocation& invocation);

 private:
  std::optional<int> reap();
  void relay(const siginfo_t& info) const;

  sigset_t watched_{}, before_{};
  pid_t pid_ = 0;
};

}  // namespace basin::cli
