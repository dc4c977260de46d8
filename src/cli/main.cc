#include <fcntl.h>
#include <unistd.h>

#include <csignal>

#include "cli/app.h"

int main(int argc, char** argv) {
  // A standard stream that was closed is no free number: a socket must not get it, and the banner with it.
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; ++fd) {
    if (fcntl(fd, F_GETFD) < 0) (void)open("/dev/null", O_RDWR);
  }
  // A reader that goes away is noticed where it is written to (Terminal, sockets), and is not worth dying for.
  std::signal(SIGPIPE, SIG_IGN);
  const std::vector<std::string> words(argv + 1, argv + argc);
  return basin::cli::run_program(words, basin::config::Environment::of_process(), STDOUT_FILENO, STDERR_FILENO);
}
