#include "config/environment.h"

#include <unistd.h>

namespace basin::config {

Environment Environment::of_process() {
  Variables variables;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const std::size_t equals = text.find('=');
    if (equals != std::string_view::npos) variables.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return Environment(std::move(variables));
}

std::optional<std::string_view> Environment::get(std::string_view name) const {
  const auto found = variables_.find(name);
  if (found == variables_.end() || found->second.empty()) return std::nullopt;
  return found->second;
}

// The XDG specification has relative paths ignored.
std::string Environment::folder(std::string_view variable, std::string_view under_home) const {
  const auto given = get(variable);
  if (given && given->front() == '/') return std::string(*given) + "/basin";
  const auto home = get("HOME");
  if (!home) return {};
  return std::string(*home) + std::string(under_home) + "/basin";
}

std::string Environment::config_dir() const { return folder("XDG_CONFIG_HOME", "/.config"); }
std::string Environment::state_dir() const { return folder("XDG_STATE_HOME", "/.local/state"); }
std::string Environment::cache_dir() const { return folder("XDG_CACHE_HOME", "/.cache"); }

std::string Environment::config_file() const {
  if (const auto named = get("BASIN_CONFIG")) return std::string(*named);
  const std::string folder = config_dir();
  return folder.empty() ? folder : folder + "/basin.toml";
}

}  // namespace basin::config
