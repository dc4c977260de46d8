// Edits of a request body on its way up. A body is never written anew: it is sent as spans of the client's own bytes
// with the replacements between them, so every byte that no edit names arrives as it came.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "core/decision.h"
#include "core/request.h"

namespace basin::wire {

struct Spliced {
  std::vector<std::string_view> spans;  // in order, none empty; views of the body and of the edits' replacements
  std::uint64_t length = 0;             // of all of them: the content-length
};

// Body and edits must outlive the result.
// Errors: Code::internal when the edits are not in ascending order, overlap, or reach past the body.
base::Result<Spliced> splice(std::string_view body, std::span<const core::Edit> edits);

// The edit that names another model. REQUIRES: the request has a model (model_value is not empty).
core::Edit model_edit(const core::Request& request, std::string_view model);

// Whether `sent` is `body` with exactly these edits: the check of what splice() promises, done the other way round,
// by walking what was sent.
bool is_spliced(std::string_view body, std::span<const core::Edit> edits, std::string_view sent);

}  // namespace basin::wire
