// Runs the whole program in-process and keeps what it said. For tests only.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "cli/app.h"

namespace basin::cli::test {

struct Answer {
  int exit = 0;
  std::string out, err;
};

inline std::string drain(int fd) {
  std::string text;
  char buffer[4096];
  lseek(fd, 0, SEEK_SET);
  for (ssize_t n = 0; (n = read(fd, buffer, sizeof buffer)) > 0;) text.append(buffer, static_cast<std::size_t>(n));
  close(fd);
  return text;
}

inline Answer run(const std::vector<std::string>& words, config::Environment::Variables variables = {}) {
  const int out = memfd_create("out", 0), err = memfd_create("err", 0);
  Answer answer;
  answer.exit = run_program(words, config::Environment(std::move(variables)), out, err);
  answer.out = drain(out);
  answer.err = drain(err);
  return answer;
}

}  // namespace basin::cli::test
