// Which dialects a server speaks: it is posted an empty object where each dialect has its endpoint. No prompt is sent
// and no model is started; an endpoint that is there finds fault with the object.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/dialect.h"
#include "upstream/probe.h"

namespace basin::upstream {

enum class Door : std::uint8_t {
  absent,
  open,
  locked,  // it wants a key before it says whether the path exists
};

// What the answer to the empty object says. See doors.cc for what servers answer.
Door door_in(const Probe& answer);

struct Doors {
  std::vector<core::Dialect> open;
  bool locked = false;  // some wanted a key, or another one
};

// Knocks at each dialect's endpoint under the base URL. `fields` travel along: a configured server's own key.
Doors doors_of(const std::string& base_url, const std::vector<std::pair<std::string, std::string>>& fields,
               const Prober& ask);

}  // namespace basin::upstream
