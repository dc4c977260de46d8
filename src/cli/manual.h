// Man pages, made from the table of commands.
#pragma once

#include <string>

#include "cli/command.h"

namespace basin::cli {

// basin(1)
std::string manual_overview();

// basin-NAME(1)
std::string manual_page(const CommandInfo& info);

}  // namespace basin::cli
