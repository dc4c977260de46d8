// Requests recorded from real clients, where BASIN_SHARED points to a folder that holds them: it is no part of the
// repository, and tests that want it skip without it.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/dialect.h"

namespace basin::engine_tests {

struct Recording {
  std::string name;  // "client/scenario/001-POST-path"
  std::string target;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;     // as it was sent, or as the recorder wrote it down
  std::string command;  // the command line that caused it; empty where it was not kept
  core::Endpoint endpoint = core::Endpoint::messages;

  std::string_view header(std::string_view lower_case_name) const;
};

// In the order of their names; only those of routed endpoints. Nothing without BASIN_SHARED.
std::vector<Recording> recordings();

std::string read_file(const std::filesystem::path& path);

}  // namespace basin::engine_tests
