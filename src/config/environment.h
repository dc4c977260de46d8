// The process's environment as a value: a test hands in its own, and nobody else calls getenv.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace basin::config {

class Environment {
 public:
  using Variables = std::map<std::string, std::string, std::less<>>;

  explicit Environment(Variables variables) : variables_(std::move(variables)) {}
  // A copy of the variables of this process.
  static Environment of_process();

  // The variable's value; nothing when it is unset or empty (an empty variable counts as unset everywhere in Basin).
  std::optional<std::string_view> get(std::string_view name) const;

  // Folders by the XDG rules; each ends in "/basin" and may not exist yet. Empty when there is no HOME either.
  std::string config_dir() const;  // basin.toml, prices.toml
  std::string state_dir() const;   // state.db, journal, serve.json, token
  std::string cache_dir() const;

  // BASIN_CONFIG, else config_dir()/basin.toml.
  std::string config_file() const;

  const Variables& variables() const { return variables_; }

 private:
  std::string folder(std::string_view variable, std::string_view under_home) const;
  Variables variables_;
};

}  // namespace basin::config
