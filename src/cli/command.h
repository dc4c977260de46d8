// A command of `basin`: one file with one class and its CommandInfo, and one line in commands.cc.
//
//   class Version : public Command { ... };
//   constinit const CommandInfo kVersion = {.name = "version", .summary = "...", .make = &make_command<Version>};
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "cli/exit_code.h"
#include "cli/options.h"
#include "cli/terminal.h"
#include "config/environment.h"

namespace basin::cli {

// The flags every command understands.
struct CommonFlags {
  std::string config;  // --config; empty: BASIN_CONFIG or the default path
  bool json = false;
  bool quiet = false;
  Color color = Color::automatic;
};

// What a command may use of the outside. `out` is for answers, `err` for everything else.
struct Context {
  const config::Environment& environment;
  CommonFlags flags;
  Terminal& out;
  Terminal& err;

  // --config if given, else where the configuration is by default.
  std::string config_file() const { return flags.config.empty() ? environment.config_file() : flags.config; }

  // Says "basin: message" on err, also under --quiet.
  Exit fail(const base::Error& error) const;
  Exit fail(Exit code, std::string_view message) const;
  // A remark for people: silent under --quiet.
  void note(std::string_view message) const;
};

// What a command does: one object for one run.
class Command {
 public:
  virtual ~Command() = default;
  // Called once, before run(); binds options to members.
  virtual void declare(Options& options) = 0;
  virtual Exit run(Context& context) = 0;
};

// How a command presents itself; everything that is shown of it is made from this and its options.
struct CommandInfo {
  std::string_view name;
  std::string_view summary;   // one line, no full stop
  std::string_view details;   // paragraphs for --help and the man page
  std::string_view examples;  // lines "command # what it does"
  std::unique_ptr<Command> (*make)();
  bool hidden = false;  // works, but is not offered: for packagers and tests
};

template <class T>
std::unique_ptr<Command> make_command() {
  return std::make_unique<T>();
}

}  // namespace basin::cli
