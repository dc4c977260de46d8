#include "cli/commands.h"

namespace basin::cli {
namespace {

Color color_named(std::string_view name) {
  if (name == "always") return Color::always;
  return name == "never" ? Color::never : Color::automatic;
}

}  // namespace

void declare_common(Options& options, CommonFlags& flags) {
  options.text("--config", "FILE", flags.config, "configuration file (BASIN_CONFIG, ~/.config/basin/basin.toml)")
      .flag("--json", flags.json, "answer in JSON")
      .choice("--color", "WHEN", {"auto", "always", "never"}, "colour: auto, always or never (NO_COLOR)",
              [&flags](std::string_view name) { flags.color = color_named(name); })
      .flag("-q,--quiet", flags.quiet, "only answers and errors");
}

}  // namespace basin::cli
