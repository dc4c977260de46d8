// The same ask, written a little differently: what must not change a decision.
#pragma once

#include <array>
#include <string>
#include <string_view>

namespace basin::lab {

// A way of writing the same thing differently.
enum class Disturbance { lower_case, spaces, typos };
inline constexpr std::array kDisturbances = {Disturbance::lower_case, Disturbance::spaces, Disturbance::typos};
// Its name in reports: "lower_case", "spaces", "typos".
std::string_view name_of(Disturbance disturbance);

// lower_case: no capitals (ASCII); spaces: every space doubled, one more at either end; typos: two neighbouring letters
// swapped in every sixth word of five letters and more. Deterministic.
std::string disturb(std::string_view ask, Disturbance disturbance);

}  // namespace basin::lab
