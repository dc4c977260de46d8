// The answer to GET /v1/models, in the client's dialect.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "core/dialect.h"

namespace basin::wire {

struct ListedModel {
  std::string id;
  std::string display_name;  // the id where empty
  std::string owner;         // who serves it: an upstream's name
};

// Every dialect but Anthropic's has OpenAI's list. created_s is the list's own time (Unix epoch): clients want the
// field, and nobody knows a local model's birthday.
std::string model_list(core::Dialect dialect, std::span<const ListedModel> models, std::int64_t created_s);

}  // namespace basin::wire
