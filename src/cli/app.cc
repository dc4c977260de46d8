// Only the command that was named is made and its options declared, so that starting costs the same however many
// commands there are.
#include "cli/app.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include "base/nearest.h"
#include "cli/commands.h"
#include "cli/help.h"
#include "cli/parse.h"

namespace basin::cli {
namespace {

// Where the command's name stands: the first word that is neither a flag nor the value of one.
std::size_t command_position(std::span<const std::string> words) {
  std::size_t at = 0;
  while (at < words.size() && words[at].starts_with("-")) {
    at += words[at] == "--config" || words[at] == "--color" ? 2 : 1;
  }
  return std::min(at, words.size());
}

std::string unknown_command(std::string_view name) {
  std::vector<std::string_view> known = {"help"};
  for (const CommandInfo* info : commands()) {
    if (!info->hidden) known.push_back(info->name);
  }
  return "unknown command \"" + std::string(name) + "\"" + base::did_you_mean(name, known) +
         "; `basin --help` lists them";
}

bool asks_for_help(std::span<const std::string> words) {
  for (const std::string& word : words) {
    if (word == "--") return false;
    if (word == "--help" || word == "-h") return true;
  }
  return false;
}

const Option* rest_of(const Options& options) {
  const auto& all = options.all();
  const auto found = std::find_if(all.begin(), all.end(), [](const Option& o) { return o.kind == Option::Kind::rest; });
  return found == all.end() ? nullptr : &*found;
}

// The two outputs, remade once the flags say how they are to look.
struct Outputs {
  Terminal out, err;
  Outputs(int out_fd, int err_fd, Color color, const config::Environment& environment)
      : out(out_fd, color, environment), err(err_fd, color, environment) {}
};

struct Words {
  std::vector<std::string> options;  // common flags before the command's name, and all words behind it
  std::vector<std::string> rest;     // for a command that hands its words on
};

class Program {
 public:
  Program(const config::Environment& environment, int out_fd, int err_fd)
      : environment_(environment), out_fd_(out_fd), err_fd_(err_fd) {}

  Exit run(std::span<const std::string> words) const {
    const std::size_t at = command_position(words);
    const auto before = words.first(at);
    if (at == words.size()) return without_command(before);
    std::string name = words[at];
    auto behind = words.subspan(at + 1);
    if (name == "help") {
      if (behind.empty() || behind.front().starts_with("-") || behind.front() == "help")
        return show(overview(outputs().out));
      const CommandInfo* info = find_command(behind.front());
      return info ? show(help_for(*info, outputs().out)) : usage(unknown_command(behind.front()));
    }
    const CommandInfo* info = find_command(name);
    if (info == nullptr) {
      // `--colour always explain`: the flag is what is wrong, not the word behind it.
      const auto flags = asks_for_help(before) ? base::ok_status() : common_only(before);
      return usage(flags ? unknown_command(name) : flags.error().message);
    }
    return run_command(*info, before, behind);
  }

 private:
  static base::Status common_only(std::span<const std::string> flags) {
    CommonFlags ignored;
    Options options;
    declare_common(options, ignored);
    return parse(options, flags);
  }

  Exit without_command(std::span<const std::string> flags) const {
    if (asks_for_help(flags)) return show(overview(outputs().out));
    if (std::find(flags.begin(), flags.end(), "--version") != flags.end())
      return run(std::vector<std::string>{"version"});
    const auto parsed = common_only(flags);
    if (!parsed) return usage(parsed.error().message);
    outputs().err.write(overview(outputs().err));
    return Exit::usage;
  }

  Exit run_command(const CommandInfo& info, std::span<const std::string> before,
                   std::span<const std::string> behind) const {
    const auto command = info.make();
    CommonFlags flags;
    Options options;
    command->declare(options);
    declare_common(options, flags);
    std::vector<std::string> own(before.begin(), before.end());
    if (const Option* rest = rest_of(options)) {
      for (const std::string& word : behind) rest->sink(word);
    } else {
      own.insert(own.end(), behind.begin(), behind.end());
    }
    if (asks_for_help(own)) return show(help_for(info, outputs().out));
    const auto parsed = parse(options, own);
    if (!parsed) return usage(parsed.error().message + "; see `basin " + std::string(info.name) + " --help`");
    Outputs shown = outputs(flags.color);
    Context context{.environment = environment_, .flags = flags, .out = shown.out, .err = shown.err};
    return arrived(shown, command->run(context));
  }

  Outputs outputs(Color color = Color::automatic) const { return {out_fd_, err_fd_, color, environment_}; }
  Exit show(const std::string& text) const {
    Outputs shown = outputs();
    shown.out.write(text);
    return arrived(shown, Exit::ok);
  }
  // Half an answer is none, whatever the command says of itself.
  static Exit arrived(Outputs& shown, Exit exit) {
    if (shown.out.problem() == 0) return exit;
    shown.err.line(std::string("basin: the output cannot be written: ") + std::strerror(shown.out.problem()));
    return exit == Exit::ok ? Exit::usage : exit;
  }
  Exit usage(const std::string& message) const {
    outputs().err.line("basin: " + message);
    return Exit::usage;
  }

  const config::Environment& environment_;
  int out_fd_, err_fd_;
};

}  // namespace

Exit Context::fail(const base::Error& error) const { return fail(exit_of(error.code), error.message); }

Exit Context::fail(Exit code, std::string_view message) const {
  err.line(err.paint(Style::bad, "basin: ") + std::string(message));
  return code;
}

void Context::note(std::string_view message) const {
  if (!flags.quiet) err.line(message);
}

int run_program(std::span<const std::string> words, const config::Environment& environment, int out_fd, int err_fd) {
  return static_cast<int>(Program(environment, out_fd, err_fd).run(words));
}

}  // namespace basin::cli
