// Ids of an answer in another dialect than its own: made of the upstream's, so that the same answer always has the
// same.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace basin::wire {

// `prefix` + what stands behind the vendor's own prefix in `upstream_id` + "_" + `part`, where a part of the answer is
// meant. An id that has the prefix already stays as it is.
std::string answer_id(std::string_view prefix, std::string_view upstream_id, std::optional<std::size_t> part = {});

}  // namespace basin::wire
