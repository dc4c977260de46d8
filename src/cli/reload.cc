#include "cli/command.h"
#include "cli/running.h"

namespace basin::cli {
namespace {

class Reload : public Command {
 public:
  void declare(Options&) override {}
  Exit run(Context& context) override {
    const auto answer = ask_running(context, "POST", "/basin/reload");
    if (!answer) return context.fail(answer.error());
    if (context.flags.json)
      context.out.line(*answer);
    else
      context.note("The configuration was read again; requests under way keep the one they began with.");
    return Exit::ok;
  }
};

}  // namespace

extern const CommandInfo kReload;
constinit const CommandInfo kReload = {
    .name = "reload",
    .summary = "have the running Basin read its configuration again",
    .details =
        "The file is read and checked whole before anything changes. A file with a mistake changes nothing: the "
        "mistake is "
        "named with its line, the exit code is 5, and the server goes on with what it had.",
    .examples = "basin reload\nbasin validate && basin reload",
    .make = &make_command<Reload>};

}  // namespace basin::cli
