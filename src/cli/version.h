// The version of the program, from CMakeLists.txt.
#pragma once

#include <string_view>

namespace basin::cli {

#ifndef BASIN_VERSION
#error "BASIN_VERSION comes from the build"
#endif
inline constexpr std::string_view kVersionNumber = BASIN_VERSION;

}  // namespace basin::cli
