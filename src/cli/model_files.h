// `basin models PATH...`: what models on this machine's disk are, told from the heads of their files.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/saturating.h"
#include "cli/command.h"
#include "upstream/model_file.h"

namespace basin::cli {

// What a model takes in memory to serve one conversation of `context` tokens: weights, and 16-bit keys and values.
// Buffers for computing come on top. A figure is 0 where the files do not tell.
struct MemoryEstimate {
  std::uint32_t context = 0;
  std::uint64_t weights_bytes = 0, kv_bytes = 0;

  std::uint64_t total_bytes() const { return base::saturating_add(weights_bytes, kv_bytes); }
};
// For so many tokens; 0: the usual number.
MemoryEstimate estimate(const upstream::ModelFile& file, std::uint32_t context);
// The usual number: what the model was trained for, up to this. An agent's session fits, and no laptop swaps.
inline constexpr std::uint32_t kUsualContext = 32'768;

// Opens each and shows it, also where others cannot be opened. Exit: usage where one could not.
Exit show_model_files(const Context& context, const std::vector<std::string>& paths,
                      std::optional<std::uint32_t> tokens);

}  // namespace basin::cli
