// How much a prompt gives to work on: one number, from counts alone.
#pragma once

#include <string_view>

namespace basin::geometry {

// At most this much of a prompt is looked at.
inline constexpr std::size_t kLoadLimit = 16 * 1024;

// The mean of six counts on a logarithmic scale, each in units of its spread over the sets of models' outcomes: tokens,
// marks, operators, numbers, the longer of the last two lines, and the longest quoted piece. 0 is an average question
// there, -1 a bare one, 1 one with much to work on. Lines that are options of a multiple choice ("B. ...") do not
// count. Pure; one pass over at most kLoadLimit bytes.
double load_of(std::string_view prompt);

}  // namespace basin::geometry
