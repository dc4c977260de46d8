// The text of basin.service.
#pragma once

#include <string>
#include <string_view>

namespace basin::cli {

// `config` is an absolute path, or empty for the default.
std::string service_unit(std::string_view program, std::string_view config);

}  // namespace basin::cli
