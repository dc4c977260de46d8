// One small question to a server, and its answer: how discovery looks around, so that tests can stand in for a machine.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace basin::upstream {

// A small request; `url` is whole.
struct Question {
  std::string method = "GET";
  std::string url;
  std::string body;                                         // JSON; empty: none
  std::vector<std::pair<std::string, std::string>> fields;  // the key of a server that was configured; else nothing
};

// The answer to one.
struct Probe {
  int status = 0;
  std::string body;
};

// Empty where nobody answers. Blocks for as long as the answer takes; may be called from any thread.
using Prober = std::function<std::optional<Probe>(const Question&)>;

// The prober that really asks, with half a second's patience for each answer.
Prober loopback_prober();

}  // namespace basin::upstream
