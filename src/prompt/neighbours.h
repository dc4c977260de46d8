// What a line is, as only the lines around it tell. The second step of finding the ask; see ask.cc.
#pragma once

#include <string_view>
#include <vector>

#include "prompt/lines.h"

namespace basin::prompt {

// Gives lines of prose that belong to what was pasted the shape of data: those in a fence, rows of a table, records,
// entries of a list, and what stands amid such lines. Sets `fenced` and `aside`. Linear in the lines.
// REQUIRES: lines are of text, in order, from cut_lines().
void look_around(std::string_view text, std::vector<Line>& lines);

}  // namespace basin::prompt
