// `basin claude`: Claude Code with Basin in front of it, for this one process. This file serves that client alone.
//
// A Basin that runs already is used, and this process becomes the client. Otherwise a private one is opened in this
// process, on a free port, by the same functions as `basin serve`, and lives as long as the client. Two variables are
// set in the client's environment; its settings are not touched. Nothing is printed unless a person must be asked: the
// client's output is the client's.
//
// A subscription login is the client's own secret: Basin only learns that there is one, from the names of files and
// variables. It passes through Basin only where its user switched that on, in the configuration or here, for this run.
#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <thread>

#include "cli/child.h"
#include "cli/command.h"
#include "cli/running.h"
#include "cli/serving.h"
#include "config/config.h"

namespace basin::cli {
namespace {

constexpr std::string_view kVendor = "anthropic";

constexpr std::string_view kWarning = R"(
Claude Code would use your Claude subscription here: no API key is set.

Basin can pass that login on with the requests it came with, to Anthropic and nowhere else. It stays in memory and is
never logged, stored, refreshed or used for another program. But Anthropic's terms may not allow other software between
its client and a subscription, and an account can be closed for it. An API key (ANTHROPIC_API_KEY) is the safe way.
)";

bool has_key(const config::Environment& environment) {
  return environment.get("ANTHROPIC_API_KEY") || environment.get("ANTHROPIC_AUTH_TOKEN");
}

// Whether the client would log in with a subscription. Only asks what exists, never what is in it.
bool has_login(const config::Environment& environment) {
  if (environment.get("CLAUDE_CODE_OAUTH_TOKEN")) return true;
  const auto folder = environment.get("CLAUDE_CONFIG_DIR");
  const auto home = environment.get("HOME");
  if (!folder && !home) return false;
  std::error_code ignored;
  return std::filesystem::exists(
      (folder ? std::string(*folder) : std::string(*home) + "/.claude") + "/.credentials.json", ignored);
}

bool switched_on(const upstream::Options& options) {
  for (const upstream::UpstreamOptions& server : options.upstreams) {
    if (server.vendor == kVendor && server.allow_subscription) return true;
  }
  return false;
}

// A proxy for the outside world must not stand between the client and Basin.
void keep_proxies_out(config::Environment::Variables& variables) {
  for (const char* name : {"NO_PROXY", "no_proxy"}) {
    std::string& hosts = variables[name];
    if (hosts.find("127.0.0.1") == std::string::npos) hosts += hosts.empty() ? "127.0.0.1" : ",127.0.0.1";
  }
}

class Claude : public Command {
 public:
  void declare(Options& options) override {
    options.rest("ARGUMENT", arguments_, "all of it goes to Claude Code, flags too");
  }

  Exit run(Context& context) override {
    const auto program = find_program("claude", context.environment);
    if (!program) {
      return context.fail(
          Exit::usage, "Claude Code is not installed (no `claude` in PATH): npm install -g @anthropic-ai/claude-code");
    }
    const auto config = config::load(context.flags.config, context.environment);
    if (!config) return context.fail(config.error());
    const bool login = !has_key(context.environment) && has_login(context.environment);
    bool consented = false;
    if (login && !switched_on(config->upstream) && can_ask(context)) {
      consented = asked(context);
      if (!consented) return context.fail(Exit::negative, "nothing was started; set ANTHROPIC_API_KEY and try again");
    }
    // Consent is for this run, so it never changes a Basin that others use too.
    if (!consented) {
      if (const auto running = find_running(context.environment);
          running && ask(*running, context, "GET", "/basin/health")) {
        return context.fail(become(invocation(*program, running->url, config->server.token, context)));
      }
    }
    return with_private_basin(*program, consented, config->server.token, context);
  }

 private:
  static bool can_ask(const Context& context) { return context.err.interactive() && isatty(STDIN_FILENO) == 1; }

  static bool asked(const Context& context) {
    context.err.write(kWarning);
    context.err.write("\nPass the subscription login through for this run? [y/N] ");
    const auto answer = read_line();
    const bool yes = answer && (*answer == "y" || *answer == "Y" || *answer == "yes");
    if (yes) {
      context.err.line(
          "To switch it on for good, name the vendor's server in the configuration, with allow_subscription = true.");
    }
    return yes;
  }

  Invocation invocation(const std::string& program, const std::string& url, const base::Secret& token,
                        const Context& context) const {
    Invocation start{.words = {program}, .variables = context.environment.variables()};
    start.words.insert(start.words.end(), arguments_.begin(), arguments_.end());
    start.variables["ANTHROPIC_BASE_URL"] = url;
    start.variables["CLAUDE_CODE_GATEWAY_HINT_HEADERS"] = "1";
    // Basin's own token goes beside the client's key (x-api-key), and no further than Basin.
    if (!token.empty()) start.variables["ANTHROPIC_AUTH_TOKEN"] = token.reveal();
    for (const char* proxy : {"HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"}) {
      if (context.environment.get(proxy)) return keep_proxies_out(start.variables), start;
    }
    return start;
  }

  Exit with_private_basin(const std::string& program, bool consented, const base::Secret& token,
                          const Context& context) const {
    Child child;  // before any thread
    ServingOptions options;
    options.config = context.flags.config;
    options.host = "127.0.0.1";
    options.port = 0;
    if (consented) options.subscription_vendor = kVendor;
    options.say = [](std::string_view) {};  // the terminal is the client's
    const auto loaded = load_snapshot(options, context.environment);
    if (!loaded) return context.fail(loaded.error());
    const auto gateway = open_gateway(*loaded, options, context.environment);
    if (!gateway) return context.fail(gateway.error());
    const std::string url = fmt::format("http://127.0.0.1:{}", (*gateway)->port());
    std::thread serving([&] { (*gateway)->run(); });
    const auto ended = child.run(invocation(program, url, token, context));
    (*gateway)->stop(0);
    serving.join();
    return ended ? static_cast<Exit>(*ended) : context.fail(ended.error());
  }

  std::vector<std::string> arguments_;
};

}  // namespace

extern const CommandInfo kClaude;
constinit const CommandInfo kClaude = {
    .name = "claude",
    .summary = "run Claude Code through Basin, for this one process",
    .details =
        "Uses the Basin that runs, else opens a private one on a free port that ends with the client. Sets "
        "ANTHROPIC_BASE_URL and "
        "CLAUDE_CODE_GATEWAY_HINT_HEADERS for the client and leaves its settings alone. Signals and the exit code pass "
        "through. "
        "Basin's own flags stand before the command: basin --config FILE claude ...\n\n"
        "With an API key nothing else is needed. With a subscription login Basin explains what that means and asks, at "
        "a terminal; "
        "elsewhere requests are answered with 401 and what to set. `allow_subscription = true` on an [[upstream]] of "
        "that vendor "
        "switches it on for good.",
    .examples = "basin claude\nbasin claude -p \"fix the typo in README\"\nbasin --config team.toml claude --resume",
    .make = &make_command<Claude>};

}  // namespace basin::cli
