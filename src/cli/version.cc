#include <fmt/format.h>

#include "base/json_writer.h"
#include "cli/command.h"
#include "cli/version.h"

namespace basin::cli {
namespace {

class Version : public Command {
 public:
  void declare(Options&) override {}
  Exit run(Context& context) override {
    if (!context.flags.json) {
      context.out.line(fmt::format("basin {}", kVersionNumber));
      return Exit::ok;
    }
    std::string json;
    base::json::Writer(json).object().field("schema", "basin.version/1").field("version", kVersionNumber).end();
    context.out.line(json);
    return Exit::ok;
  }
};

}  // namespace

extern const CommandInfo kVersion;
constinit const CommandInfo kVersion = {.name = "version",
                                        .summary = "print the version",
                                        .details = "",
                                        .examples = "basin version --json",
                                        .make = &make_command<Version>};

}  // namespace basin::cli
