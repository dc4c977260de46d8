// What a command was given to read: an argument, a file, or standard input.
#pragma once

#include <string>

#include "base/result.h"
#include "cli/command.h"

namespace basin::cli {

// More than any prompt; a mistaken `basin explain < disk.img` ends here.
inline constexpr std::size_t kInputLimit = 64u << 20;

// The whole of a file; "-" is standard input.
// Errors: Code::not_found, Code::too_large.
base::Result<std::string> read_whole(const std::string& path);

// Says so to a person at a terminal before it is read; a program that only waits looks broken. For "" and "-".
void note_if_typed(const std::string& path, const Context& context);

}  // namespace basin::cli
