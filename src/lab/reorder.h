// The fields of what a person pasted, and of a request, in another order: they mean the same.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"

namespace basin::lab {

// The text with the fields of its material turned round: the members of JSON objects, runs of three "Key: value" lines
// and more whose keys differ, the columns of three rows of a table and more. Nothing where there are none.
std::optional<std::string> with_fields_reordered(std::string_view text);

// A row of a file with the keys of its request body and of each message turned round, and the fields of the text typed
// last as above. Nothing where that changes nothing.
std::optional<std::string> row_with_fields_reordered(base::json::Value row);

}  // namespace basin::lab
