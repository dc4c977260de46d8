// A GGUF file's head: metadata and the list of tensors, which stand before the weights. See gguf.cc.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "geometry/model_header.h"

namespace basin::geometry {

// What a file says of its model, or of the part of it that it holds.
struct GgufHead {
  ModelHeader model;  // of a model in parts: the numbers of this part's tensors
  std::string kind;   // general.type: "model"; "adapter", "mmproj" and others are none
  std::uint32_t part = 0, parts = 1;
  std::uint64_t end_bytes = 0;  // the file's least size: where the last tensor's weights end
};

// A head, or what it takes to read it.
struct GgufReading {
  GgufHead head;
  // Not 0: more is needed than was given, so many bytes from the file's start at least; then `head` says nothing yet.
  std::uint64_t wanted = 0;
};

// `bytes` is the front of a file of `file_bytes` bytes. Linear in bytes; holds no more memory than the pairs and
// tensors that it read. Errors: invalid (no GGUF of version 2 or 3 with little-endian numbers; what is wrong and at
// which byte), too_large (a head past the limits below).
base::Result<GgufReading> read_gguf(std::string_view bytes, std::uint64_t file_bytes);

// Heads are long because of vocabularies: 262,144 tokens with their scores and merges make 15 MB at most today.
inline constexpr std::uint64_t kGgufHeadLimit = std::uint64_t{64} << 20U;
inline constexpr std::uint64_t kGgufPairLimit = 10'000;     // real ones have 20 to 60
inline constexpr std::uint64_t kGgufTensorLimit = 200'000;  // 61 layers of 256 experts, each alone, make 50,000
inline constexpr std::uint64_t kGgufNameLimit = 65'535;     // of a key or a tensor; the format's own
inline constexpr std::size_t kGgufNesting = 8;              // arrays in arrays; nobody writes any

}  // namespace basin::geometry
