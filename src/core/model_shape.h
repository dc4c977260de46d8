// A model's geometry: how wide and deep it is, how many parameters it has and at what precision, what it can take in.
// Read from a file's header, from a config.json, or from what a server says; every number is 0 and every text empty
// where nobody says it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace basin::core {

struct ModelShape {
  std::string name;          // as its maker calls it
  std::string architecture;  // "llama", "qwen3moe", ...
  std::string quantisation;  // "Q4_K_M", "F16", "fp8", ...

  std::uint64_t parameters = 0;
  std::uint64_t active_parameters = 0;  // of them used for one token; equal to parameters unless it has experts
  std::uint64_t file_bytes = 0;         // of all its weights, as stored

  std::uint32_t d_model = 0;  // width of the residual stream
  std::uint32_t layers = 0;
  std::uint32_t heads = 0;
  std::uint32_t kv_heads = 0;  // the largest, where layers differ
  std::uint32_t head_dim = 0;
  std::uint32_t feed_forward = 0;
  std::uint32_t vocabulary = 0;  // tokens
  std::uint32_t experts = 0;
  std::uint32_t experts_used = 0;
  std::uint32_t context = 0;  // tokens it was trained for

  // What it can do; empty where nobody says.
  std::optional<bool> tools, vision, thinking;
};

}  // namespace basin::core
