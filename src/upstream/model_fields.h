// Values read from what servers say of their models. They come from programs that we did not start: numbers are
// bounded, texts are cut, and what is not as expected counts as not said. (For the readers of this room.)
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "upstream/model_name.h"

namespace basin::upstream {

// Names and words of models are printed and sent in requests; the longest real ones have about a hundred bytes.
inline constexpr std::size_t kLongestName = 512;

// A whole number, also where it is written as 8.03e9; 0 for everything else.
inline std::uint64_t count_in(base::json::Value value) {
  if (const auto whole = value.unsigned_integer()) return *whole;
  const double number = value.number().value_or(0);
  return number >= 1 && number < 1e15 ? static_cast<std::uint64_t>(number) : 0;
}

// The same where no real model has more than fits; more is 0.
inline std::uint32_t small_count_in(base::json::Value value) {
  const std::uint64_t count = count_in(value);
  return count <= std::numeric_limits<std::uint32_t>::max() ? static_cast<std::uint32_t>(count) : 0;
}

// A text; empty for other kinds and for one that is too long to be a name.
inline std::string text_in(base::json::Value value) {
  auto text = value.string();
  return text && text->size() <= kLongestName ? std::move(*text) : std::string();
}

// Whether a list of texts has this one; empty where there is no list.
inline std::optional<bool> list_has(base::json::Value list, std::string_view word) {
  if (!list.is(base::json::Kind::array)) return std::nullopt;
  for (base::json::Elements each(list); each.next();) {
    if (each.value().string() == word) return true;
  }
  return false;
}

// "8.0B", "270M", "26B-A4B" as parameters; 0 where it says no number.
inline std::uint64_t parameters_in(std::string_view text) {
  const double billions = std::min(billions_in_name(text).value_or(0), 1e6);
  return static_cast<std::uint64_t>(billions * 1e9 + 0.5);
}

}  // namespace basin::upstream
