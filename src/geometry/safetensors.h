// A safetensors file's head: eight bytes of length, then JSON that names each tensor, its type, its sides and where it
// stands. The weights follow and are not read.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace basin::geometry {

// Sums over the tensors of one file; of a model in several files, add them up.
struct SafetensorsHead {
  std::uint64_t tensors = 0;
  std::uint64_t parameters = 0;         // of tensors that hold one number for each weight
  std::uint64_t expert_parameters = 0;  // of them, in experts
  // Quantised models pack several weights into one integer; how many, their configuration says (ModelConfig::bits).
  std::uint64_t packed_bytes = 0;
  std::uint64_t expert_packed_bytes = 0;
  std::uint64_t data_bytes = 0;  // of all tensors, as stored
  std::uint64_t end_bytes = 0;   // the file's least size
  std::string type;              // the one that most bytes have: "BF16"
};

// A head, or what it takes to read it.
struct SafetensorsReading {
  SafetensorsHead head;
  // Not 0: more is needed than was given, so many bytes from the file's start; then `head` says nothing yet.
  std::uint64_t wanted = 0;
};

// `bytes` is the front of a file of `file_bytes` bytes. Linear in bytes. Errors: invalid (no safetensors file; what is
// wrong), too_large (a head past kSafetensorsHeadLimit).
base::Result<SafetensorsReading> read_safetensors(std::string_view bytes, std::uint64_t file_bytes);

// The format allows 100 MB; a model of 90,000 tensors in one file, the most in the field, would have 12 MB.
inline constexpr std::uint64_t kSafetensorsHeadLimit = std::uint64_t{16} << 20U;

}  // namespace basin::geometry
