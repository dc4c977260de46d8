// What a command was given to read: an argument, a file, or standard input.
#pragma once

#include <string>

#include "base/result.h"

namespace basin::cli {

// More than any prompt; a mistaken `basin explain < disk.img` ends here.
inline constexpr std::size_t kInputLimit = 64u << 20;

// The whole of a file; "-" is standard input.
// Errors: Code::not_found, Code::too_large.
base::Result<std::string> read_whole(const std::string& path);

}  // namespace basin::cli
