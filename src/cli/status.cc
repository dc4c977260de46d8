// `basin status`: what the running server says of itself, for people; --json is the server's answer as it came.
#include <fmt/format.h>

#include "base/json.h"
#include "cli/columns.h"
#include "cli/command.h"
#include "cli/running.h"

namespace basin::cli {
namespace {

using base::json::Elements;
using base::json::Kind;
using base::json::Value;

std::string text_of(Value value) { return value.string().value_or(std::string(value.raw())); }

std::string list_of(Value array) {
  std::string out;
  for (Elements each(array); each.next();) out += (out.empty() ? "" : ", ") + text_of(each.value());
  return out.empty() ? "-" : out;
}

std::string tiers_table(Value tiers, const Terminal& terminal) {
  std::vector<std::vector<std::string>> rows = {{"TIER", "MODEL", "UPSTREAM", "CONTEXT", "SERVES"}};
  for (Elements each(tiers); each.next();) {
    const Value tier = each.value();
    const bool known = tier.member("context_known").boolean().value_or(true);
    rows.push_back({text_of(tier.member("name")), text_of(tier.member("model")), text_of(tier.member("upstream")),
                    fmt::format("{}{}", tier.member("context").raw(), known ? "" : "?"),
                    list_of(tier.member("serves"))});
  }
  return rows.size() == 1 ? "No tiers are configured; `basin init` writes some.\n" : columns(rows, terminal);
}

std::string upstreams_table(Value upstreams, const Terminal& terminal) {
  std::vector<std::vector<std::string>> rows = {{"UPSTREAM", "URL", "KEY", "DIALECTS"}};
  for (Elements each(upstreams); each.next();) {
    const Value server = each.value();
    const bool own = server.member("key").boolean().value_or(false);
    const bool clients = server.member("client_key").boolean().value_or(false);
    rows.push_back({text_of(server.member("name")), text_of(server.member("url")),
                    own       ? "ours"
                    : clients ? "the client's"
                              : "none",
                    list_of(server.member("dialects"))});
  }
  return columns(rows, terminal);
}

class Status : public Command {
 public:
  void declare(Options&) override {}

  Exit run(Context& context) override {
    const auto running = find_running(context.environment);
    if (!running) return context.fail(running.error());
    const auto answer = ask(*running, context, "GET", "/basin/status");
    if (!answer) return context.fail(answer.error());
    base::json::Document document;
    if (!document.parse(*answer)) return context.fail(Exit::no_model, running->url + " does not answer like a Basin");
    if (context.flags.json)
      context.out.line(*answer);
    else
      context.out.write(readable(*running, document.root(), context.out));
    return Exit::ok;
  }

 private:
  static std::string readable(const Running& running, Value status, const Terminal& terminal) {
    const Value counts = status.member("counts");
    const std::string file = text_of(status.member("configuration"));
    std::string out = fmt::format(
        "{} at {}, process {}, since {}\n", terminal.paint(Style::bold, "basin " + text_of(status.member("version"))),
        terminal.paint(Style::accent, running.url), running.pid, text_of(status.member("started")));
    out += fmt::format("mode {}, configuration {}\n\n", terminal.paint(Style::bold, text_of(status.member("mode"))),
                       file.empty() ? "none" : file);
    out += tiers_table(status.member("tiers"), terminal) + "\n" +
           upstreams_table(status.member("upstreams"), terminal) + "\n";
    out += fmt::format("{} requests, {} decisions", counts.member("requests").raw(), counts.member("decisions").raw());
    for (base::json::Members action(counts.member("actions")); action.next();) {
      out += fmt::format(", {} {}", action.value().raw(), action.name());
    }
    return out + fmt::format("; {} refused, {} upstream failures\n", counts.member("refused").raw(),
                             counts.member("upstream_failures").raw());
  }
};

}  // namespace

extern const CommandInfo kStatus;
constinit const CommandInfo kStatus = {.name = "status",
                                       .summary = "show the running Basin: mode, tiers, upstreams, counts",
                                       .details = "Exit code 4 when none runs.",
                                       .examples = "basin status\nbasin status --json | jq .counts",
                                       .make = &make_command<Status>};

}  // namespace basin::cli
