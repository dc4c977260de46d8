// `basin init`: a commented configuration, with two tiers in it where two can be found. Asks a person at a terminal,
// takes the best guess otherwise, and never writes over a file.
#include <fmt/format.h>
#include <unistd.h>

#include <charconv>
#include <filesystem>

#include "base/json_writer.h"
#include "cli/command.h"
#include "cli/look_around.h"
#include "cli/proposal.h"
#include "cli/write_file.h"
#include "config/config.h"
#include "config/reference.h"

namespace basin::cli {
namespace {

std::string described(const Candidate& candidate) {
  const std::string_view whose = candidate.ready ? "" : " (clients bring their own key)";
  return fmt::format("{} on {}{}", candidate.model, candidate.upstream, whose);
}

// What a person at the terminal says. Ctrl-D is no answer to any question, and ends all of them.
struct Person {
  Context& context;
  bool gone = false;

  std::optional<std::string> answer(std::string_view question) {
    context.out.write(question);
    auto line = read_line();
    if (!line) context.out.line();
    gone = gone || !line;
    return line;
  }
};

// A choice among the candidates; nothing for "none". Enter takes the first.
std::optional<Candidate> choose(Person& person, std::string_view tier, const std::vector<Candidate>& from) {
  Context& context = person.context;
  if (from.empty()) return std::nullopt;
  context.out.line(fmt::format("\n{} tier:", context.out.paint(Style::bold, tier)));
  for (std::size_t i = 0; i < from.size(); ++i) context.out.line(fmt::format("  {}) {}", i + 1, described(from[i])));
  context.out.line("  0) none: decide later");
  for (;;) {
    const auto line = person.answer("Which model? [1] ");
    if (!line) return std::nullopt;
    std::size_t number = 1;
    const auto end = std::from_chars(line->data(), line->data() + line->size(), number);
    const bool whole = end.ec == std::errc() && end.ptr == line->data() + line->size();
    if (!line->empty() && (!whole || number > from.size())) continue;
    return number == 0 ? std::nullopt : std::optional(from[number - 1]);
  }
}

bool wants_routing(Person& person) {
  for (;;) {
    const auto line = person.answer("Route requests (on), or only record what would be done (shadow)? [on] ");
    if (!line || *line == "shadow") return false;
    if (line->empty() || *line == "on") return true;
  }
}

class Init : public Command {
 public:
  void declare(Options& options) override {
    options.flag("-y,--yes", yes_, "ask nothing, take the best guess")
        .flag("--force", force_, "write over an existing file");
  }

  Exit run(Context& context) override {
    const std::string file = context.config_file();
    if (file.empty())
      return context.fail(Exit::configuration, "neither HOME nor XDG_CONFIG_HOME is set; say where with --config");
    std::error_code unknown;  // a folder that may not be looked into: writing will say so
    if (std::filesystem::is_directory(file, unknown))
      return context.fail(Exit::configuration, file + " is a folder; --config names a file");
    if (!force_ && std::filesystem::exists(file, unknown))
      return context.fail(Exit::configuration, file + " exists; --force writes over it");
    // Keys of the environment, whatever an older file says.
    auto plain = config::parse("", file, context.environment);
    if (!plain) return context.fail(plain.error());
    const auto discovery = look_around(plain->upstream, own_server_of_running(context.environment));
    if (!discovery) return context.fail(discovery.error());
    for (const std::string& remark : discovery->remarks) context.note(remark);
    const Proposal proposal = propose(plain->upstream, *discovery);
    const bool ask = !yes_ && isatty(STDIN_FILENO) == 1 && context.out.interactive();
    Person person{context};
    const config::FileContents contents = ask ? asked(person, proposal) : guessed(proposal);
    if (person.gone) return context.fail(Exit::interrupted, "nothing was written");
    const std::string text = config::commented_file(contents);
    // What we write must be what we read.
    if (const auto read = config::parse(text, file, context.environment); !read) return context.fail(read.error());
    if (const auto written = write_file(file, text, 0600, force_ ? Existing::replace : Existing::keep); !written)
      return context.fail(written.error());
    report(context, file, contents);
    return Exit::ok;
  }

 private:
  static config::FileContents guessed(const Proposal& proposal) {
    const auto pair = best_pair(proposal);
    return pair ? contents_for(pair->first, pair->second) : config::FileContents();
  }

  static config::FileContents asked(Person& person, const Proposal& proposal) {
    const auto small = choose(person, "Small", proposal.small);
    if (!small) return {};
    std::vector<Candidate> larger;
    for (const Candidate& candidate : proposal.large) {
      if (go_together(*small, candidate)) larger.push_back(candidate);
    }
    const auto large = choose(person, "Large", larger);
    if (!large) return {};
    config::FileContents contents = contents_for(*small, *large);
    if (!wants_routing(person)) contents.mode = core::Mode::shadow;
    return contents;
  }

  static void report(Context& context, const std::string& file, const config::FileContents& contents) {
    if (context.flags.json) {
      std::string json;
      base::json::Writer writer(json);
      writer.object().field("schema", "basin.init/1").field("file", file).key("tiers").array();
      for (const auto& tier : contents.tiers) {
        writer.object().field("name", tier.name).field("upstream", tier.upstream).field("model", tier.model).end();
      }
      writer.end().end();
      context.out.line(json);
      return;
    }
    context.out.line(fmt::format("Wrote {}.", file));
    for (const auto& tier : contents.tiers)
      context.out.line(fmt::format("  {:<6} {} on {}", tier.name, tier.model, tier.upstream));
    if (contents.tiers.empty()) {
      context.note(
          "It has no tiers: fewer than two models were found or chosen. Basin records and changes nothing until you "
          "write some; an example stands in the file.");
    }
    context.note("Next: `basin validate`, then `basin serve`.");
  }

  bool yes_ = false;
  bool force_ = false;
};

}  // namespace

extern const CommandInfo kInit;
constinit const CommandInfo kInit = {
    .name = "init",
    .summary = "write a commented configuration",
    .details =
        "Looks at the keys in the environment and for local model servers, and proposes a small and a large tier. At a "
        "terminal "
        "it asks; with --yes, or without a terminal, it writes what it found ready. Every key of the configuration is "
        "in the file, "
        "with its meaning and its default. No key or token is ever written.",
    .examples = "basin init\nbasin init --yes && basin validate\nbasin init --config ./basin.toml # somewhere else",
    .make = &make_command<Init>};

}  // namespace basin::cli
