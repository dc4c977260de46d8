// "Did you mean?": the known word nearest to one that was not understood.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace basin::base {

// Words longer than this are not compared: nobody mistypes a kilobyte.
inline constexpr std::size_t kNearestLimit = 64;

// Edits (insert, delete, replace, swap of neighbours) that turn a into b.
std::size_t edit_distance(std::string_view a, std::string_view b);

// The word of `known` nearest to `wrong`, or nothing when all are too far to be meant (more than a third of the letters
// wrong, at least two allowed). The first wins a tie.
std::optional<std::string_view> nearest(std::string_view wrong, std::span<const std::string_view> known);

// " (did you mean `x`?)", or "" when nothing is near.
std::string did_you_mean(std::string_view wrong, std::span<const std::string_view> known);

}  // namespace basin::base
