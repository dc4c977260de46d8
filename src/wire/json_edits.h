// Edits that leave a JSON text valid: items cut out of a list together with the commas that would be left over, and
// members added where there were none. All other bytes stay where they are.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "core/decision.h"
#include "core/request.h"

namespace basin::wire {

// Where the value stands in its text.
core::ByteRange range_of(base::json::Value value);
// Where each element of an array stands; empty for other kinds.
std::vector<core::ByteRange> element_ranges(base::json::Value array);
// Where each member of an object stands, from its key's quote to its value's end; empty for other kinds.
std::vector<core::ByteRange> member_ranges(base::json::Value object);

// Appends the edits that cut the items i with gone[i] out of their list. Neighbours go in one edit.
// REQUIRES: items are all elements of one array or all members of one object, in order; gone has one for each.
void cut_items(std::string_view what, std::span<const core::ByteRange> items, const std::vector<bool>& gone,
               std::vector<core::Edit>& edits);

// The edit that gives the object the member `path` (names from the outside in) with this value; objects on the way are
// made where they are absent. A member is added at its object's end, behind all that is there: it overlaps no other
// edit, and two that are added to one object keep the order in which they are spliced. A null there is replaced, since
// clients send nulls for what they leave out. Nothing where the member is set already, or where something on the way is
// no object: then it is the client's own.
// REQUIRES: path is not empty; json is one JSON value; names need no escapes.
std::optional<core::Edit> set_absent(std::string_view what, base::json::Value object,
                                     std::span<const std::string_view> path, std::string_view json);

}  // namespace basin::wire
