// The page at /: what this Basin is, what it decided lately, what to type next. Static HTML, no script, nothing loaded
// from elsewhere.
#pragma once

#include <string>
#include <string_view>

#include "gateway/door.h"
#include "gateway/snapshot.h"

namespace basin::gateway {

// The whole page; every text from outside is escaped.
std::string front_page(Door& door, const Snapshot& snapshot);

// Text made safe between tags and inside quoted attributes.
std::string escape_html(std::string_view text);

}  // namespace basin::gateway
