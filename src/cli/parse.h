// Words of a command line -> the targets that the options are bound to.
#pragma once

#include <span>
#include <string>

#include "base/result.h"
#include "cli/options.h"

namespace basin::cli {

// Parses the words behind the command's name. Flags and arguments may be mixed; behind "--" all words are arguments.
// Errors: Code::invalid, naming the word, and the nearest flag where one was mistyped.
base::Status parse(const Options& options, std::span<const std::string> words);

}  // namespace basin::cli
