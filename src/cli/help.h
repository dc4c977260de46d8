// --help, made from a command's row and its options.
#pragma once

#include <string>

#include "cli/command.h"

namespace basin::cli {

// What `basin --help` shows: every command in a line.
std::string overview(const Terminal& terminal);

// What `basin COMMAND --help` shows.
std::string help_for(const CommandInfo& info, const Terminal& terminal);

// "basin serve [OPTIONS] [FILE...]"
std::string usage_line(const CommandInfo& info, const Options& options);

// The options as the command declares them, without the common ones. The sinks are dead: for showing only.
Options declared_options(const CommandInfo& info);

// Text broken at spaces to fit `width`, each line behind `indent` spaces; empty lines stay.
std::string wrap(std::string_view text, int width, int indent);

}  // namespace basin::cli
