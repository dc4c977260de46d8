// The table of commands, in the order in which --help shows them.
#pragma once

#include <span>
#include <string_view>

#include "cli/command.h"

namespace basin::cli {

// All of them, hidden ones too.
std::span<const CommandInfo* const> commands();

// The command of that name; null when there is none.
const CommandInfo* find_command(std::string_view name);

// The flags every command has, bound to `flags`.
void declare_common(Options& options, CommonFlags& flags);

}  // namespace basin::cli
