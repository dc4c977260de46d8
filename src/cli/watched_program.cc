#include "cli/watched_program.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace basin::cli {
namespace {

constexpr int kPollMs = 20;

// In the child, between fork and exec: nothing but system calls.
[[noreturn]] void become(const ExecVectors& vectors, int output, pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(127);  // we ended before that was said
  setpgid(0, 0);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  signal(SIGPIPE, SIG_DFL);
  const int silence = open("/dev/null", O_RDONLY);
  dup2(silence, STDIN_FILENO);
  dup2(output, STDOUT_FILENO);
  dup2(output, STDERR_FILENO);
  execve(vectors.words.front(), vectors.words.data(), vectors.variables.data());
  const char* reason = strerror(errno);
  if (write(STDERR_FILENO, reason, strlen(reason)) < 0) _exit(127);
  _exit(127);
}

std::string how_it_ended(int status) {
  return WIFSIGNALED(status) ? fmt::format("signal {}", WTERMSIG(status))
                             : fmt::format("exit code {}", WEXITSTATUS(status));
}

}  // namespace

base::Status WatchedProgram::start() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return base::fail(base::Code::internal, std::strerror(errno));
  const ExecVectors vectors(invocation_);
  const pid_t us = getpid();
  tail_.clear();
  const pid_t pid = fork();
  if (pid == 0) become(vectors, ends[1], us);
  const int reason = errno;
  close(ends[1]);
  close_pipe();
  pipe_ = ends[0];
  fcntl(pipe_, F_SETFL, O_NONBLOCK);
  if (pid < 0) return base::fail(base::Code::internal, std::strerror(reason));
  pid_ = pid;
  return base::ok_status();
}

std::optional<std::string> WatchedProgram::ended() {
  listen();
  if (pid_ == 0) return "it does not run";
  int status = 0;
  if (waitpid(pid_, &status, WNOHANG) != pid_) return std::nullopt;
  pid_ = 0;
  listen();
  return how_it_ended(status);
}

void WatchedProgram::stop() {
  if (pid_ != 0) {
    kill(pid_, SIGTERM);
    for (std::uint32_t waited = 0; pid_ != 0 && waited < kPatienceMs; waited += kPollMs) {
      if (ended()) break;
      poll(nullptr, 0, kPollMs);
    }
  }
  if (pid_ != 0) {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
    pid_ = 0;
  }
  close_pipe();
}

std::string WatchedProgram::last_lines(std::size_t count) const {
  std::size_t at = tail_.size();
  while (at > 0 && tail_[at - 1] == '\n') --at;
  const std::size_t end = at;
  for (; count > 0 && at != 0; --count) {
    const std::size_t newline = tail_.rfind('\n', at - 1);
    at = newline == std::string::npos ? 0 : newline;
  }
  const std::size_t begin = at == 0 ? 0 : at + 1;
  return begin < end ? tail_.substr(begin, end - begin) : std::string();
}

void WatchedProgram::listen() {
  std::array<char, 4096> piece;
  for (ssize_t got = 0; pipe_ >= 0 && (got = read(pipe_, piece.data(), piece.size())) > 0;) {
    tail_.append(piece.data(), static_cast<std::size_t>(got));
    if (tail_.size() > 2 * kTailLimit) tail_.erase(0, tail_.size() - kTailLimit);
  }
}

void WatchedProgram::close_pipe() {
  if (pipe_ >= 0) close(pipe_);
  pipe_ = -1;
}

}  // namespace basin::cli
