// Completions for three shells, written from the table of commands and their options: a new flag completes at once.
//
// Each script asks three things of a position: is it a command's name, a flag, or the word of a flag with few choices.
// Everything else is left to the shell's own completion of files.
#include "cli/completions.h"

#include <fmt/format.h>

#include <vector>

#include "cli/commands.h"
#include "cli/help.h"

namespace basin::cli {
namespace {

// A command's options and the common ones, kept alive for their texts.
std::vector<Option> options_of(const CommandInfo& info) {
  CommonFlags ignored;
  Options options = declared_options(info);
  declare_common(options, ignored);
  std::vector<Option> flags;
  for (const Option& option : options.all()) {
    if (!option.names.empty()) flags.push_back(option);
  }
  return flags;
}

// The words of an argument with choices, such as `completions bash`.
std::vector<std::string_view> argument_choices(const CommandInfo& info) {
  const Options options = declared_options(info);
  for (const Option& option : options.all()) {
    if (option.kind == Option::Kind::argument && !option.choices.empty()) return option.choices;
  }
  return {};
}

std::vector<const CommandInfo*> shown_commands() {
  std::vector<const CommandInfo*> shown;
  for (const CommandInfo* info : commands()) {
    if (!info->hidden) shown.push_back(info);
  }
  return shown;
}

// For single quotes in every shell.
std::string quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

std::string flag_words(const Option& option) {
  std::string words(option.short_name());
  if (!words.empty() && !option.long_name().empty()) words += ' ';
  return words + std::string(option.long_name());
}

// "serve:-p | serve:--port", for the pattern of a case.
std::string position(std::string_view command, const Option& option) {
  std::string pattern;
  for (const std::string_view name : {option.short_name(), option.long_name()}) {
    if (!name.empty()) pattern += fmt::format("{}{}:{}", pattern.empty() ? "" : " | ", command, name);
  }
  return pattern;
}

std::string bash() {
  std::string names, cases, choices;
  for (const CommandInfo* info : shown_commands()) {
    names += fmt::format("{}{}", names.empty() ? "" : " ", info->name);
    std::string words = fmt::format("{}", fmt::join(argument_choices(*info), " "));
    for (const Option& option : options_of(*info)) {
      words += fmt::format("{}{}", words.empty() ? "" : " ", flag_words(option));
      if (option.kind != Option::Kind::value) continue;
      const std::string what = option.choices.empty()
                                   ? std::string("return")  // a file's name, or nothing that we know
                                   : "words=" + quoted(fmt::format("{}", fmt::join(option.choices, " ")));
      choices += fmt::format("  {}) {} ;;\n", position(info->name, option), what);
    }
    cases += fmt::format("  {}) words={} ;;\n", info->name, quoted(words + " --help"));
  }
  cases += fmt::format("  help) words={} ;;\n", quoted(names));
  return fmt::format(R"(# bash completion for basin; put it in ~/.local/share/bash-completion/completions/basin
_basin() {{
  local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD-1]}} command= words= i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; ++i)); do
    case ${{COMP_WORDS[i]}} in
    --config | --color) ((++i)) ;;
    -*) ;;
    *) command=${{COMP_WORDS[i]}}; break ;;
    esac
  done
  case $command in
  '') words={} ;;
{}  esac
  case $command:$before in
  :--config) return ;;
  :--color) words='auto always never' ;;
{}  esac
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}}
complete -o default -F _basin basin
)",
                     quoted("help " + names + " --config --json --color --quiet --help --version"), cases, choices);
}

std::string zsh() {
  // Descriptions stand in brackets and before colons: those are escaped.
  const auto described = [](std::string_view text) {
    std::string out;
    for (const char c : text) {
      if (c == ':' || c == '[' || c == ']' || c == '\\') out += '\\';
      out += c;
    }
    return out;
  };
  std::string names, cases;
  for (const CommandInfo* info : shown_commands()) {
    names += fmt::format("    {}\n", quoted(fmt::format("{}:{}", info->name, described(info->summary))));
    cases += fmt::format("  {})\n    _arguments -s", info->name);
    for (const Option& option : options_of(*info)) {
      for (const std::string_view name : {option.short_name(), option.long_name()}) {
        if (name.empty()) continue;
        std::string spec = fmt::format("{}[{}]", name, described(option.help));
        if (option.kind == Option::Kind::value) {
          spec += fmt::format(":{}:{}", option.placeholder,
                              option.choices.empty() ? "_files" : fmt::format("({})", fmt::join(option.choices, " ")));
        }
        cases += " \\\n      " + quoted(spec);
      }
    }
    const auto choices = argument_choices(*info);
    cases +=
        " \\\n      " + quoted(choices.empty() ? "*:file:_files" : fmt::format("1:word:({})", fmt::join(choices, " ")));
    cases += "\n    ;;\n";
  }
  names += "    'help:show what a command takes'\n";
  std::string all;
  for (const CommandInfo* info : shown_commands()) all += fmt::format("{}{}", all.empty() ? "" : " ", info->name);
  cases += fmt::format("  help)\n    _arguments {}\n    ;;\n", quoted(fmt::format("1:command:({})", all)));
  return fmt::format(R"(#compdef basin
# zsh completion for basin; put it as _basin into a folder of $fpath
_basin() {{
  local -a names=(
{}  )
  if ((CURRENT == 2)); then
    _describe command names
    return
  fi
  local command=$words[2]
  shift words
  ((CURRENT--))
  case $command in
{}  esac
}}
_basin "$@"
)",
                     names, cases);
}

std::string fish() {
  std::string out = "# fish completion for basin; put it in ~/.config/fish/completions/basin.fish\n";
  for (const CommandInfo* info : shown_commands()) {
    out +=
        fmt::format("complete -c basin -n __fish_use_subcommand -f -a {} -d {}\n", info->name, quoted(info->summary));
    const std::string when = quoted(fmt::format("__fish_seen_subcommand_from {}", info->name));
    for (const Option& option : options_of(*info)) {
      out += fmt::format("complete -c basin -n {}", when);
      if (!option.short_name().empty()) out += fmt::format(" -s {}", option.short_name().substr(1));
      if (!option.long_name().empty()) out += fmt::format(" -l {}", option.long_name().substr(2));
      if (option.kind == Option::Kind::value) out += " -r";
      if (!option.choices.empty())
        out += fmt::format(" -f -a {}", quoted(fmt::format("{}", fmt::join(option.choices, " "))));
      out += fmt::format(" -d {}\n", quoted(option.help));
    }
    if (const auto choices = argument_choices(*info); !choices.empty()) {
      out +=
          fmt::format("complete -c basin -n {} -f -a {}\n", when, quoted(fmt::format("{}", fmt::join(choices, " "))));
    }
  }
  out += "complete -c basin -n __fish_use_subcommand -f -a help -d 'show what a command takes'\n";
  for (const CommandInfo* info : shown_commands())
    out += fmt::format("complete -c basin -n '__fish_seen_subcommand_from help' -f -a {}\n", info->name);
  return out;
}

class Completions : public Command {
 public:
  void declare(Options& options) override { options.word("SHELL", {"bash", "zsh", "fish"}, "the shell", shell_); }
  Exit run(Context& context) override {
    context.out.write(completions_for(shell_));
    return Exit::ok;
  }

 private:
  std::string shell_;
};

}  // namespace

std::string completions_for(std::string_view shell) {
  if (shell == "zsh") return zsh();
  return shell == "fish" ? fish() : bash();
}

extern const CommandInfo kCompletions;
constinit const CommandInfo kCompletions = {
    .name = "completions",
    .summary = "print completions for a shell",
    .details = "",
    .examples =
        "basin completions bash > ~/.local/share/bash-completion/completions/basin\n"
        "basin completions zsh > ~/.zfunc/_basin\n"
        "basin completions fish > ~/.config/fish/completions/basin.fish",
    .make = &make_command<Completions>};

}  // namespace basin::cli
