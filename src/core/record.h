// The decision record as JSON, written in one place so that `explain`, `score`, `route` and `decisions/{id}` agree.
#pragma once

#include <string>
#include <string_view>

#include "core/decision.h"

namespace basin::core {

// Which engine decided: a record can be replayed only by the same version and weights.
struct EngineStamp {
  std::string_view version;
  std::string_view weights_sha256;  // hex
};

// Appends one JSON object, {"schema":"basin.decision/1",...}; fields are those of docs/interface.md.
void append_record(std::string& out, const Decision& decision, const EngineStamp& engine);

// RFC 3339 in UTC with milliseconds, "2026-11-24T18:00:00.000Z".
std::string rfc3339(std::int64_t unix_ms);

}  // namespace basin::core
