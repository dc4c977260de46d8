// What the heads of a model's files tell, without a weight being read: its shape, and what its memory is reckoned from.
#pragma once

#include <cstdint>

#include "core/model_shape.h"

namespace basin::geometry {

// Of a model whose layers do not all keep every token, a shape is not enough to tell what a context costs: hybrid ones
// keep nothing in their recurrent layers, others look back over a window only, and others keep one compressed row
// instead of keys and values (multi-head latent attention). So the readers count, layer by layer.
struct ModelHeader {
  core::ModelShape shape;
  std::uint64_t expert_parameters = 0;  // of shape.parameters, those that stand in experts of which only some are used
  // Numbers that one token leaves in the cache of keys and values: of the layers that keep all tokens, and of those
  // that keep the last `window` tokens only. Both 0 where the head does not tell.
  std::uint64_t kv_values = 0;
  std::uint64_t windowed_kv_values = 0;
  std::uint32_t window = 0;
};

// Two bytes a number: servers keep keys and values as 16-bit numbers unless they are told otherwise.
inline constexpr double kKvBytes = 2;

// Bytes of the cache of keys and values for so many tokens; 0 where it is unknown.
std::uint64_t kv_cache_bytes(const ModelHeader& header, std::uint64_t tokens, double bytes_per_value = kKvBytes);
// Bytes that one more token takes there, before any window is full; 0 where it is unknown.
std::uint64_t kv_bytes_per_token(const ModelHeader& header, double bytes_per_value = kKvBytes);
// As stored, over all of them: 2 for 16-bit weights, about 0.6 for Q4_K_M. 0 where one of the two is unknown.
double bytes_per_weight(const core::ModelShape& shape);
// Parameters that one token passes through: all but the experts it is not sent to. 0 where their number is unknown.
std::uint64_t active_parameters(const ModelHeader& header);

// Adds a layer's numbers, those of a token, to the sum of its kind.
void add_kv_layer(ModelHeader& header, std::uint64_t values, bool windowed);

// A head that claims more layers is a mistake or an attack; the deepest models have some hundred.
inline constexpr std::uint32_t kLayerLimit = 10'000;

}  // namespace basin::geometry
