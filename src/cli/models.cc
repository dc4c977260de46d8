// `basin models`: the models that tiers name and that servers on this machine have: what they are, how able they are
// thought, and what they cost.
#include <chrono>

#include "cli/command.h"
#include "cli/model_files.h"
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
  void declare(Options& options) override {
    options.flag("-a,--all", all_, "also every model whose price is known")
        .number("--context", "TOKENS", tokens_, "with PATH: for how long a context memory is estimated", 1, 1e9)
        .arguments("PATH", paths_, "models on disk to look at instead: files, folders, names at Ollama");
  }

  Exit run(Context& context) override {
    if (!paths_.empty()) return show_model_files(context, paths_, tokens_);
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
  std::optional<std::uint32_t> tokens_;
  std::vector<std::string> paths_;
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
        "built-in list, overridden by ~/.config/basin/prices.toml.\n\n"
        "With PATH it shows models on this machine's disk: a .gguf file (any part of a split one), a folder with "
        "config.json and *.safetensors, a blob of Ollama's or a model's name there. Only the heads of files are read.",
    .examples =
        "basin models\nbasin models --all --json | jq '.models[].model'\n"
        "basin models ~/models/qwen3-8b-q4_k_m.gguf --context 65536 # what it takes in memory\n"
        "basin models llama3.2:3b # as Ollama keeps it",
    .make = &make_command<Models>};

}  // namespace basin::cli
