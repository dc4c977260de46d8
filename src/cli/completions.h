// Completion scripts, made from the table of commands.
#pragma once

#include <string>
#include <string_view>

namespace basin::cli {

// REQUIRES: shell is "bash", "zsh" or "fish".
std::string completions_for(std::string_view shell);

}  // namespace basin::cli
