// Credentials from files that only their owner can read.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "base/secret.h"
#include "config/environment.h"

namespace basin::config {

// The file's first line. Errors: Code::not_found where there is none; Code::configuration where others may read it, it
// is empty, or it belongs to somebody else than us and root. No message holds any of its content.
base::Result<base::Secret> read_secret(const std::string& path);

// "~/x" -> HOME/x; everything else as it is.
std::string expand_home(std::string_view path, const Environment& environment);

}  // namespace basin::config
