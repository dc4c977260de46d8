// `basin env`: the variables that point other clients at Basin, for eval. This file serves the clients it names.
#include <fmt/format.h>

#include "base/json_writer.h"
#include "cli/command.h"
#include "cli/running.h"
#include "config/config.h"

namespace basin::cli {
namespace {

struct Variable {
  std::string_view name;
  std::string value;
};

// POSIX and fish agree on single quotes but for the quote itself and the backslash.
std::string quoted(std::string_view text, bool fish) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'')
      out += fish ? "\\'" : "'\\''";
    else if (c == '\\' && fish)
      out += "\\\\";
    else
      out += c;
  }
  return out + "'";
}

std::vector<Variable> variables_for(const std::string& url) {
  return {{"ANTHROPIC_BASE_URL", url},
          {"CLAUDE_CODE_GATEWAY_HINT_HEADERS", "1"},
          {"OPENAI_BASE_URL", url + "/v1"},
          {"OPENAI_API_BASE", url + "/v1"}};
}

// Where Basin is, or would be by its configuration.
base::Result<std::string> address(const Context& context) {
  if (const auto running = find_running(context.environment)) return running->url;
  const auto config = config::load(context.flags.config, context.environment);
  if (!config) return config.error();
  const net::ServeOptions& server = config->server;
  const bool everywhere = server.host == "0.0.0.0" || server.host == "::";
  const std::string_view host = everywhere ? std::string_view("127.0.0.1") : server.host;
  context.note("basin: none runs yet; this is where `basin serve` will listen");
  return host.find(':') == std::string_view::npos ? fmt::format("http://{}:{}", host, server.port)
                                                  : fmt::format("http://[{}]:{}", host, server.port);
}

class Env : public Command {
 public:
  void declare(Options& options) override {
    options.choice("--shell", "SHELL", {"sh", "bash", "zsh", "fish"}, "whose syntax; the default is told from SHELL",
                   [this](std::string_view shell) { shell_ = shell; });
    options.flag("--unset", unset_, "print what takes the variables back");
  }

  Exit run(Context& context) override {
    const auto url = unset_ ? base::Result<std::string>(std::string()) : address(context);  // names need no address
    if (!url) return context.fail(url.error());
    const auto variables = variables_for(*url);
    if (context.flags.json) {
      context.out.line(as_json(variables));
      return Exit::ok;
    }
    const bool fish =
        shell_.empty() ? context.environment.get("SHELL").value_or("").ends_with("fish") : shell_ == "fish";
    for (const Variable& variable : variables) context.out.line(line_for(variable, fish));
    return Exit::ok;
  }

 private:
  std::string line_for(const Variable& variable, bool fish) const {
    if (unset_) return fmt::format("{} {}", fish ? "set -e" : "unset", variable.name);
    return fish ? fmt::format("set -gx {} {}", variable.name, quoted(variable.value, true))
                : fmt::format("export {}={}", variable.name, quoted(variable.value, false));
  }

  static std::string as_json(const std::vector<Variable>& variables) {
    std::string json;
    base::json::Writer writer(json);
    writer.object().field("schema", "basin.env/1").key("variables").object();
    for (const Variable& variable : variables) writer.field(variable.name, variable.value);
    writer.end().end();
    return json;
  }

  std::string shell_;
  bool unset_ = false;
};

}  // namespace

extern const CommandInfo kEnv;
constinit const CommandInfo kEnv = {
    .name = "env",
    .summary = "print the variables that point other clients at Basin",
    .details =
        "Base URLs for clients and SDKs of both dialects. Keys stay as they are: a client's own key goes to its own "
        "vendor. "
        "Codex reads its base URL from ~/.codex/config.toml instead: openai_base_url = \"http://127.0.0.1:4100/v1\".",
    .examples =
        "eval \"$(basin env)\" # this shell and what it starts\n"
        "basin env --shell fish | source\n"
        "eval \"$(basin env --unset)\" # take it back",
    .make = &make_command<Env>};

}  // namespace basin::cli
