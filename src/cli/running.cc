#include "cli/running.h"

#include <fmt/format.h>
#include <signal.h>

#include <cerrno>

#include "base/json.h"
#include "config/config.h"
#include "config/toml.h"
#include "net/fetch.h"

namespace basin::cli {
namespace {

using base::Code;
using base::fail;

base::Error none_runs() { return fail(Code::unreachable, "no Basin runs here; `basin serve` starts one"); }

// What opens the server, or an empty secret. A configuration that is broken now says nothing about the server's token.
base::Secret token_for(const Context& context) {
  if (const auto given = context.environment.get("BASIN_TOKEN")) return base::Secret(std::string(*given));
  if (auto config = config::load(context.flags.config, context.environment); config && !config->server.token.empty()) {
    return config->server.token;
  }
  return {};
}

// {"error":{"message":...}}
std::string message_in(const std::string& body) {
  base::json::Document document;
  if (!document.parse(body)) return {};
  return document.root().member("error").member("message").string().value_or("");
}

std::optional<OwnServerPlace> own_server_in(base::json::Value file) {
  const base::json::Value own = file.member("own_server");
  const auto upstream = own.member("upstream").string();
  const auto url = own.member("url").string();
  const auto model = own.member("model").string();
  if (!upstream || !url || !model) return std::nullopt;
  return OwnServerPlace{*upstream, *url, *model};
}

}  // namespace

base::Result<Running> find_running(const config::Environment& environment) {
  const std::string folder = environment.state_dir();
  if (folder.empty()) return none_runs();
  const auto text = config::read_file(folder + "/serve.json");
  base::json::Document document;
  if (!text || !document.parse(*text)) return none_runs();
  const auto url = document.root().member("url").string();
  const auto pid = document.root().member("pid").unsigned_integer();
  if (!url || !pid || *pid == 0) return none_runs();
  const bool gone = kill(static_cast<pid_t>(*pid), 0) != 0 && errno == ESRCH;
  if (gone) return none_runs();
  return Running{*url, static_cast<std::int64_t>(*pid), own_server_in(document.root())};
}

base::Result<std::string> ask(const Running& running, const Context& context, std::string_view method,
                              std::string_view path) {
  net::FetchRequest request;
  request.method = method;
  request.url = fmt::format("{}{}", running.url, path);
  if (const base::Secret token = token_for(context); !token.empty()) {
    request.fields.emplace_back("Authorization", "Bearer " + std::string(token.reveal()));
  }
  auto response = net::blocking_fetch(std::move(request));
  if (!response) {
    if (response.error().code == Code::unreachable) return none_runs();
    return response.error();
  }
  // After a crash, somebody else may have the port and the process id that serve.json names.
  const bool ours = response->body.starts_with(R"({"schema":"basin.)");
  if (response->status == 200 && !ours)
    return fail(Code::unreachable, running.url + " does not answer like a Basin; `basin serve` starts one");
  if (response->status == 200) return std::move(response->body);
  const std::string message = message_in(response->body);
  const Code code = response->status == 401   ? Code::unauthorized
                    : path == "/basin/reload" ? Code::configuration
                                              : Code::bad_upstream;
  return fail(code, message.empty() ? fmt::format("{} answered {}", running.url, response->status) : message);
}

base::Result<std::string> ask_running(const Context& context, std::string_view method, std::string_view path) {
  const auto running = find_running(context.environment);
  if (!running) return running.error();
  return ask(*running, context, method, path);
}

}  // namespace basin::cli
