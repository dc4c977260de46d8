// The text that a person typed last, where it stands in a row: so that the row can be written anew with another one.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"

namespace basin::lab {

struct TypedText {
  std::size_t begin = 0, end = 0;  // of the JSON string, quotes and all, in the row's bytes
  std::string text;                // decoded
};

// "prompt", or the last text of the last message of a user; nothing where there is neither.
std::optional<TypedText> typed_text(base::json::Value row);

// The row with another text in that place. REQUIRES: at comes from typed_text() of this row.
std::string with_text(std::string_view row, const TypedText& at, std::string_view text);

}  // namespace basin::lab
