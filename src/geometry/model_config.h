// A model's config.json, as Hugging Face's libraries write it. See model_config.cc.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"
#include "geometry/model_header.h"

namespace basin::geometry {

// What it says.
struct ModelConfig {
  ModelHeader model;       // without parameters and bytes, which the weights' files tell
  std::uint32_t bits = 0;  // of a weight, where weights are packed into integers; 0: they are not, or nobody says
};

// Errors: invalid (no JSON object, or no configuration of a language model), too_large past kModelConfigLimit.
base::Result<ModelConfig> read_model_config(std::string_view json);

// The longest ones name each module that stays unquantised, and have some hundred KB.
inline constexpr std::size_t kModelConfigLimit = std::size_t{4} << 20U;

}  // namespace basin::geometry
