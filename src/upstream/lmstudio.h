// What LM Studio says of its models: at /api/v1/models, and at /api/v0/models before version 0.4. It has no widths or
// layers to tell, but the context of each loaded instance. A path that it does not know it answers with status 200 and
// an error in words, so its answers are told by what is in them.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "upstream/served_model.h"

namespace basin::upstream {

// GET /api/v1/models; nothing where it is no such list.
std::optional<std::vector<ServedModel>> lmstudio_models(std::string_view json);

// GET /api/v0/models; nothing where it is no such list.
std::optional<std::vector<ServedModel>> lmstudio_models_v0(std::string_view json);

}  // namespace basin::upstream
