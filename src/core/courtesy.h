// What an ask is without its good manners. See courtesy.cc.
#pragma once

#include <string_view>

namespace basin::core {

// The ask without greetings and pleas at its beginning and thanks at its end, in two dozen languages; a part of `ask`,
// the whole of it where nothing else would be left. Pure; looks at a kilobyte of either end, no allocation.
std::string_view without_courtesies(std::string_view ask);

}  // namespace basin::core
