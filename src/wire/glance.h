// A glance at JSON that nobody has parsed yet, which tells whether parsing it is worth the while. (For the readers of
// this room.)
#pragma once

#include <string_view>

namespace basin::wire {

// Whether the text holds the member with anything but null. Texts inside of strings have their quotes escaped and do
// not match; should one match nonetheless, the parser has the last word.
bool holds(std::string_view json, std::string_view quoted_name);

}  // namespace basin::wire
