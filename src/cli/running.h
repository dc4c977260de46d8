// The Basin that runs, as other commands see it: found by serve.json in the state folder, asked over loopback.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "cli/command.h"

namespace basin::cli {

// The model server that a Basin runs itself (`basin serve --gguf`), as serve.json tells of it.
struct OwnServerPlace {
  std::string upstream;  // its name as an upstream, "llamacpp" or "gguf"
  std::string url;       // "http://127.0.0.1:40123"
  std::string model;     // the one it serves
};

// The Basin that runs, as serve.json tells of it.
struct Running {
  std::string url;  // "http://127.0.0.1:4100"
  std::int64_t pid = 0;
  std::optional<OwnServerPlace> own_server;
};

// Errors: Code::unreachable where none runs: no file, or a process that is gone; the message says how to start one.
base::Result<Running> find_running(const config::Environment& environment);

// The body of an answer, after "GET /path" or "POST /path". The token goes along where there is one: BASIN_TOKEN, or
// what the configuration names. Errors: those of net::fetch; Code::unreachable where something else answers;
// Code::configuration with the server's message where it refuses a reload; Code::unauthorized.
base::Result<std::string> ask(const Running& running, const Context& context, std::string_view method,
                              std::string_view path);

// Both in one.
base::Result<std::string> ask_running(const Context& context, std::string_view method, std::string_view path);

}  // namespace basin::cli
