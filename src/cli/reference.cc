#include "config/reference.h"

#include "cli/command.h"

namespace basin::cli {
namespace {

class Reference : public Command {
 public:
  void declare(Options&) override {}
  Exit run(Context& context) override {
    context.out.write(config::reference_markdown());
    return Exit::ok;
  }
};

}  // namespace

extern const CommandInfo kReference;
constinit const CommandInfo kReference = {
    .name = "reference",
    .summary = "print docs/configuration.md",
    .details = "The page is made from the table of keys that reads the configuration.",
    .examples = "basin reference > docs/configuration.md",
    .make = &make_command<Reference>,
    .hidden = true};

}  // namespace basin::cli
