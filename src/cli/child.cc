#include "cli/child.h"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace basin::cli {
namespace {

using base::Code;
using base::fail;

constexpr int kRelayed[] = {SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2, SIGWINCH};

base::Error not_started(const Invocation& invocation, int reason) {
  return fail(Code::not_found, invocation.words.front() + ": " + std::strerror(reason));
}

}  // namespace

ExecVectors::ExecVectors(const Invocation& invocation) {
  for (const std::string& word : invocation.words) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  for (const auto& [name, value] : invocation.variables) assignments_.push_back(name + "=" + value);
  for (std::string& assignment : assignments_) variables.push_back(assignment.data());
  variables.push_back(nullptr);
}

std::optional<std::string> find_program(std::string_view name, const config::Environment& environment) {
  if (name.find('/') != std::string_view::npos) return std::string(name);
  std::string_view path = environment.get("PATH").value_or("/usr/local/bin:/usr/bin:/bin");
  while (!path.empty()) {
    const std::string_view folder = path.substr(0, path.find(':'));
    path.remove_prefix(std::min(path.size(), folder.size() + 1));
    std::string file = std::string(folder.empty() ? "." : folder) + "/" + std::string(name);
    if (access(file.c_str(), X_OK) == 0) return file;
  }
  return std::nullopt;
}

base::Error become(const Invocation& invocation) {
  ExecVectors vectors(invocation);
  std::signal(SIGPIPE, SIG_DFL);  // ignored by us, and what is ignored stays so across exec
  execve(vectors.words.front(), vectors.words.data(), vectors.variables.data());
  return not_started(invocation, errno);
}

Child::Child() {
  sigemptyset(&watched_);
  for (const int number : kRelayed) sigaddset(&watched_, number);
  sigaddset(&watched_, SIGCHLD);
  pthread_sigmask(SIG_BLOCK, &watched_, &before_);
}

Child::~Child() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

base::Result<int> Child::run(const Invocation& invocation) {
  ExecVectors vectors(invocation);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t defaults;
  sigemptyset(&defaults);
  sigaddset(&defaults, SIGPIPE);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  posix_spawnattr_setsigmask(&attributes, &before_);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
  const int failed =
      posix_spawn(&pid_, vectors.words.front(), nullptr, &attributes, vectors.words.data(), vectors.variables.data());
  posix_spawnattr_destroy(&attributes);
  if (failed != 0) return not_started(invocation, failed);
  for (;;) {
    siginfo_t info{};
    const int number = sigwaitinfo(&watched_, &info);
    if (number == SIGCHLD) {
      if (const auto code = reap()) return *code;
    } else if (number > 0) {
      relay(info);
    }
  }
}

std::optional<int> Child::reap() {
  int status = 0;
  while (waitpid(pid_, &status, WNOHANG | WUNTRACED) == pid_) {
    if (WIFEXITED(status)) return WEXITSTATUS(status);
    if (WIFSIGNALED(status)) return 128 + WTERMSIG(status);
    if (!WIFSTOPPED(status)) continue;
    raise(SIGSTOP);       // our shell sees the job stopped...
    kill(pid_, SIGCONT);  // ...and we go on when it lets us
  }
  return std::nullopt;
}

// A key pressed at the terminal signals the whole foreground group, the program included; only what was sent to us
// alone is sent on.
void Child::relay(const siginfo_t& info) const {
  if (info.si_code <= 0) kill(pid_, info.si_signo);
}

}  // namespace basin::cli
