// The program: words in, exit code out. main.cc is one call of this, so that tests run the whole of it in-process.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "config/environment.h"

namespace basin::cli {

// `words` without the program's name. Answers go to `out_fd`, errors and remarks to `err_fd`.
int run_program(std::span<const std::string> words, const config::Environment& environment, int out_fd, int err_fd);

}  // namespace basin::cli
