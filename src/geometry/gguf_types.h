// The names and sizes of GGUF's numbers, as llama.cpp defines them (ggml.h, llama.h; September 2026).
#pragma once

#include <cstdint>
#include <string_view>

namespace basin::geometry {

// How the weights of a tensor are stored: blocks of so many weights in so many bytes.
struct TensorType {
  std::uint32_t id = 0;
  std::string_view name;  // "Q4_K"
  std::uint32_t weights = 1;
  std::uint32_t bytes = 1;
};

// Null for a type that is not known (a newer one, or none).
const TensorType* tensor_type(std::uint32_t id);

// general.file_type as people say it: "Q4_K_M". "" for one that is not known.
std::string_view file_type_name(std::uint64_t file_type);

}  // namespace basin::geometry
