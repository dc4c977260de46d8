// The same request, written a little differently: what must not change a decision.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "core/prompt.h"
#include "lab/example.h"

namespace basin::lab {

// A way of writing the same thing differently.
enum class Disturbance { lower_case, spaces, typos, politeness, bait, reordered_fields };
inline constexpr std::array kDisturbances = {Disturbance::lower_case, Disturbance::spaces,
                                             Disturbance::typos,      Disturbance::politeness,
                                             Disturbance::bait,       Disturbance::reordered_fields};
// Its name in reports: that of its enumerator.
std::string_view name_of(Disturbance disturbance);

// The example's prompt in the ways that the disturbance has for it: one, several, or none where it has nothing to work
// on. Deterministic.
//   lower_case        no capitals (ASCII) in the ask
//   spaces            every space of the ask doubled, one more at either end
//   typos             two neighbouring letters swapped in every sixth word of five letters and more
//   politeness        a phrase before the ask, and one behind (lab/politeness.h)
//   bait              sentences amid the material that read like requests (lab/bait.h)
//   reordered_fields  of what was pasted, and of the request (lab/reorder.h)
// The last two write the whole row anew, so ask and material are parted again. REQUIRES: for those, example.row.
std::vector<core::Prompt> disturbed(const Example& example, Disturbance disturbance);

}  // namespace basin::lab
