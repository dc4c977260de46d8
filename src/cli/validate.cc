// `basin validate`: the configuration read as a server reads it at boot, by the same function, and every tier looked
// at.
#include <fmt/format.h>

#include <chrono>

#include "base/json_writer.h"
#include "cli/checkup.h"
#include "cli/command.h"
#include "cli/serving.h"

namespace basin::cli {
namespace {

std::int64_t unix_ms() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

void add_texts(base::json::Writer& writer, std::string_view name, const std::vector<std::string>& texts) {
  writer.key(name).array();
  for (const std::string& text : texts) writer.value(text);
  writer.end();
}

std::string as_json(const Loaded& loaded, const Checkup& checkup) {
  std::string json;
  base::json::Writer writer(json);
  writer.object()
      .field("schema", "basin.validate/1")
      .field("valid", checkup.valid())
      .field("file", loaded.snapshot->source);
  writer.field("mode", core::name_of(loaded.snapshot->routing.mode)).key("tiers").array();
  for (const TierReport& tier : checkup.tiers) {
    writer.object()
        .field("name", tier.name)
        .field("model", tier.model)
        .field("upstream", tier.upstream)
        .field("url", tier.url);
    writer.field("key", tier.key)
        .field("context", tier.context)
        .field("context_known", tier.context_known)
        .field("priced", tier.priced);
    add_texts(writer, "problems", tier.problems);
    add_texts(writer, "remarks", tier.remarks);
    writer.end();
  }
  writer.end();
  add_texts(writer, "remarks", checkup.remarks);
  add_texts(writer, "warnings", loaded.remarks);
  writer.end();
  return json;
}

std::string readable(const Loaded& loaded, const Checkup& checkup, const Terminal& terminal) {
  const gateway::Snapshot& snapshot = *loaded.snapshot;
  std::string out =
      fmt::format("{}: mode {}, {} tiers\n", snapshot.source.empty() ? "no configuration file" : snapshot.source,
                  core::name_of(snapshot.routing.mode), checkup.tiers.size());
  for (const TierReport& tier : checkup.tiers) {
    const bool fine = tier.problems.empty();
    out += fmt::format("  {} {}: {} on {} ({}), key {}\n",
                       terminal.paint(fine ? Style::good : Style::bad, fine ? "ok " : "bad"),
                       terminal.paint(Style::bold, tier.name), tier.model, tier.upstream, tier.url, tier.key);
    for (const std::string& problem : tier.problems) out += "        " + terminal.paint(Style::bad, problem) + "\n";
    for (const std::string& remark : tier.remarks) out += "        " + terminal.paint(Style::dim, remark) + "\n";
  }
  for (const std::string& remark : checkup.remarks) out += "  " + remark + "\n";
  for (const std::string& warning : loaded.remarks) out += "  " + terminal.paint(Style::warn, warning) + "\n";
  if (checkup.tiers.empty()) out += "  nothing is routed: every request goes to the model its client named\n";
  return out + (checkup.valid() ? terminal.paint(Style::good, "valid") : terminal.paint(Style::bad, "not valid")) +
         "\n";
}

class Validate : public Command {
 public:
  void declare(Options& options) override {
    options.flag("--online", online_, "also ask every tier's server, with our key");
  }

  Exit run(Context& context) override {
    const ServingOptions options{.config = context.flags.config, .host = {}, .port = {}, .say = {}};
    const auto loaded = load_snapshot(options, context.environment);
    if (!loaded) return invalid(context, loaded.error());
    Checkup checkup = check_up(*loaded->snapshot, unix_ms());
    if (online_)
      check_online(
          *loaded->snapshot, [](net::FetchRequest request) { return net::blocking_fetch(std::move(request)); },
          checkup);
    if (context.flags.json)
      context.out.line(as_json(*loaded, checkup));
    else
      context.out.write(readable(*loaded, checkup, context.out));
    if (checkup.nobody_reachable()) return Exit::no_model;
    return checkup.valid() ? Exit::ok : Exit::negative;
  }

 private:
  // A wrong file is this command's "no", not a failure to run.
  static Exit invalid(Context& context, const base::Error& error) {
    if (!context.flags.json) return context.fail(Exit::negative, error.message);
    std::string json;
    base::json::Writer writer(json);
    writer.object().field("schema", "basin.validate/1").field("valid", false).field("error", error.message).end();
    context.out.line(json);
    return Exit::negative;
  }

  bool online_ = false;
};

}  // namespace

extern const CommandInfo kValidate;
constinit const CommandInfo kValidate = {
    .name = "validate",
    .summary = "prove that the configuration loads and every tier can be served",
    .details =
        "Reads the file by the path a server starts by, so that what is valid also starts. For each tier: its server "
        "exists, its key "
        "is there, a local server runs and has the model, what its context is and how to raise it, whether it is "
        "priced, and which "
        "clients it cannot serve because it does not speak their dialect. --online also asks servers that are not "
        "local. Exit code 1 "
        "where something is wrong, 4 where no server answers.",
    .examples = "basin validate\nbasin validate --online\nbasin validate --config new.toml --json | jq .tiers",
    .make = &make_command<Validate>};

}  // namespace basin::cli
