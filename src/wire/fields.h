// The members of one object that a reader asks for, collected in one walk whatever their order. Names are compared
// decoded. (For the readers of this room.)
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "base/json.h"

namespace basin::wire {

template <std::size_t N>
using Names = std::array<std::string_view, N>;

// As most JSON readers do, the last of repeated members wins. Absent ones are absent values; so are nulls, which
// clients send for what they leave out.
template <std::size_t N>
std::array<base::json::Value, N> collect(base::json::Value object, const Names<N>& names) {
  std::array<base::json::Value, N> found;
  for (base::json::Members members(object); members.next();) {
    const std::string_view name = members.name();
    for (std::size_t i = 0; i < N; ++i) {
      if (names[i] != name) continue;
      const base::json::Value value = members.value();
      found[i] = value.is(base::json::Kind::null) ? base::json::Value() : value;
      break;
    }
  }
  return found;
}

// As above for the top of a body, where two readers that disagree on which of two members counts would mean that we
// decide about one model and the server serves another: a repeated or disguised name is an error.
template <std::size_t N>
base::Status collect_once(base::json::Value object, const Names<N>& names, std::array<base::json::Value, N>& found) {
  std::array<bool, N> seen{};
  for (base::json::Members members(object); members.next();) {
    const std::string_view name = members.name();
    for (std::size_t i = 0; i < N; ++i) {
      if (names[i] != name) continue;
      if (seen[i]) return base::fail(base::Code::invalid, std::string(name) + " stands twice in the request body");
      if (members.raw_key().size() != name.size()) {
        return base::fail(base::Code::invalid, std::string(name) + " is written with escapes; write the name plainly");
      }
      seen[i] = true;
      const base::json::Value value = members.value();
      if (!value.is(base::json::Kind::null)) found[i] = value;
      break;
    }
  }
  return base::ok_status();
}

}  // namespace basin::wire
