// A file that is there whole or not at all: a disk that fills up leaves neither half a configuration, which a server
// would read as a short one, nor destroys the one that was there.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>

#include "base/result.h"

namespace basin::cli {

enum class Existing { keep, replace };

// Makes the folders above it too. With Existing::keep, a file that is there stays and is an error; with
// Existing::replace, a symbolic link keeps pointing where it did. Errors: Code::configuration, naming what failed.
base::Status write_file(const std::string& path, std::string_view text, mode_t mode, Existing existing);

}  // namespace basin::cli
