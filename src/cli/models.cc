// `basin models`: the models that tiers name and that servers on this machine have: what they are, how able they are
// thought, and what they cost.
#include <chrono>

#include "cli/command.h"
#include "cli/model_rows.h"
#include "cli/model_table.h"
#include "cli/serving.h"
#include "net/fetch.h"

namespace basin::cli {
namespace {

std::int64_t unix_ms() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

class Models : public Command {
 public:
  void declare(Options& options) override { options.flag("-a,--all", all_, "also every model whose price is known"); }

  Exit run(Context& context) override {
    const auto loaded =
        load_snapshot({.config = context.flags.config, .host = {}, .port = {}, .say = {}}, context.environment);
    if (!loaded) return context.fail(loaded.error());
    for (const std::string& remark : loaded->remarks) context.note(remark);
    const gateway::Snapshot& snapshot = *loaded->snapshot;
    const Heard heard =
        ask_hosted(snapshot, [](net::FetchRequest request) { return net::blocking_fetch(std::move(request)); });
    const std::int64_t now = unix_ms();
    std::vector<ModelRow> rows = model_rows(snapshot, heard, now);
    const std::vector<std::string> advice = context_advice(rows);
    if (all_) add_priced(snapshot, now, rows);
    if (context.flags.json) {
      context.out.line(models_json(rows));
      return Exit::ok;
    }
    if (rows.empty()) {
      context.note(
          "No tiers are configured and no local server lists a model; `basin init` writes tiers, `basin models --all` "
          "shows prices.");
      return Exit::ok;
    }
    // What is piped is for programs: they get every column.
    const std::size_t width = context.out.interactive() ? static_cast<std::size_t>(context.out.width()) : 0;
    context.out.write(model_table(rows, width, context.out));
    context.note(ability_legend());
    for (const std::string& sentence : advice) context.note(sentence);
    return Exit::ok;
  }

 private:
  bool all_ = false;
};

}  // namespace

extern const CommandInfo kModels;
constinit const CommandInfo kModels = {
    .name = "models",
    .summary = "list the models of the tiers and of local servers: what they are, how able, and what they cost",
    .details =
        "SHAPE is the width and the number of layers. CONTEXT is what is in force: ~ is how the server would start it, "
        "? "
        "what counts as long as nobody says. STATE tells whether a model is in memory, and how many requests it could "
        "take at once.\n\n"
        "Servers on this machine are asked; those elsewhere that tiers name are asked with our key, where we have one. "
        "Prices are dollars per million tokens for short prompts; ? is not known, and never zero. They come from the "
        "built-in list, overridden by ~/.config/basin/prices.toml.",
    .examples = "basin models\nbasin models --all --json | jq '.models[].model'",
    .make = &make_command<Models>};

}  // namespace basin::cli
