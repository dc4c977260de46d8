// `basin init`: a commented configuration, with two tiers in it where two can be found. Asks a person at a terminal,
// takes the best guess otherwise, and never writes over a file.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>

#include "base/json_writer.h"
#include "cli/command.h"
#include "cli/proposal.h"
#include "config/config.h"
#include "config/reference.h"

namespace basin::cli {
namespace {

std::string described(const Candidate& candidate) {
  const std::string_view whose = candidate.ready ? "" : " (clients bring their own key)";
  return fmt::format("{} on {}{}", candidate.model, candidate.upstream, whose);
}

// A person's choice among the candidates; nothing for "none" or an ended input. Enter takes the first.
std::optional<Candidate> choose(Context& context, std::string_view tier, const std::vector<Candidate>& from) {
  if (from.empty()) return std::nullopt;
  context.out.line(fmt::format("\n{} tier:", context.out.paint(Style::bold, tier)));
  for (std::size_t i = 0; i < from.size(); ++i) context.out.line(fmt::format("  {}) {}", i + 1, described(from[i])));
  context.out.line("  0) none: decide later");
  for (;;) {
    context.out.write(fmt::format("Which model? [1] "));
    const auto line = read_line();
    if (!line) return std::nullopt;
    std::size_t number = 1;
    const auto end = std::from_chars(line->data(), line->data() + line->size(), number);
    if (!line->empty() && (end.ec != std::errc() || number > from.size())) continue;
    return number == 0 ? std::nullopt : std::optional(from[number - 1]);
  }
}

bool wants_routing(Context& context) {
  for (;;) {
    context.out.write("Route requests (on), or only record what would be done (shadow)? [on] ");
    const auto line = read_line();
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
    if (!force_ && std::filesystem::exists(file)) {
      return context.fail(Exit::configuration, file + " exists; --force writes over it");
    }
    // Keys of the environment, whatever an older file says.
    const auto plain = config::parse("", file, context.environment);
    if (!plain) return context.fail(plain.error());
    const auto discovery = upstream::discover(plain->upstream, upstream::loopback_prober());
    for (const std::string& remark : discovery.passed_over) context.note(remark);
    const Proposal proposal = propose(plain->upstream, discovery);
    const bool ask = !yes_ && isatty(STDIN_FILENO) == 1 && context.out.interactive();
    const config::FileContents contents = ask ? asked(context, proposal) : guessed(proposal);
    const std::string text = config::commented_file(contents);
    // What we write must be what we read.
    if (const auto read = config::parse(text, file, context.environment); !read) return context.fail(read.error());
    if (const auto written = write(file, text); !written) return context.fail(written.error());
    report(context, file, contents);
    return Exit::ok;
  }

 private:
  static config::FileContents guessed(const Proposal& proposal) {
    const auto pair = best_pair(proposal);
    return pair ? contents_for(pair->first, pair->second) : config::FileContents();
  }

  static config::FileContents asked(Context& context, const Proposal& proposal) {
    const auto small = choose(context, "Small", proposal.small);
    if (!small) return {};
    std::vector<Candidate> larger;
    for (const Candidate& candidate : proposal.large) {
      if (go_together(*small, candidate)) larger.push_back(candidate);
    }
    const auto large = choose(context, "Large", larger);
    if (!large) return {};
    config::FileContents contents = contents_for(*small, *large);
    if (!wants_routing(context)) contents.mode = core::Mode::shadow;
    return contents;
  }

  base::Status write(const std::string& file, std::string_view text) const {
    std::error_code error;
    if (const auto folder = std::filesystem::path(file).parent_path(); !folder.empty())
      std::filesystem::create_directories(folder, error);
    // O_EXCL: a file that somebody else wrote meanwhile stays.
    const int fd = open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | (force_ ? O_TRUNC : O_EXCL), 0600);
    if (fd < 0) return base::fail(base::Code::configuration, file + ": " + std::strerror(errno));
    const bool whole = ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size());
    return close(fd) == 0 && whole ? base::ok_status()
                                   : base::fail(base::Code::configuration, file + ": cannot be written whole");
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
          "No two models were found to choose between, so it has no tiers: Basin records and changes nothing until you "
          "write "
          "some. An example stands in the file.");
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
