#include "geometry/builtin.h"

#include <cstdlib>

extern "C" const char basin_weights_begin[];
extern "C" const char basin_weights_end[];
extern "C" const char basin_encoder_begin[];
extern "C" const char basin_encoder_end[];

namespace basin::geometry {

std::shared_ptr<const Model> builtin_model() {
  const std::string_view bytes(basin_weights_begin, static_cast<std::size_t>(basin_weights_end - basin_weights_begin));
  auto model = Model::view(bytes, BASIN_WEIGHTS_SHA256);
  // Our own fault, and found by the first test of a build: nothing sensible can be decided without weights.
  if (!model) std::abort();
  if (!(*model)->blend()) return std::move(*model);
  const auto encoder = builtin_encoder();
  auto whole = encoder ? (*model)->with(encoder) : model;
  if (!whole) std::abort();
  return std::move(*whole);
}

std::shared_ptr<const Encoder> builtin_encoder() {
  const std::string_view bytes(basin_encoder_begin, static_cast<std::size_t>(basin_encoder_end - basin_encoder_begin));
  if (bytes.empty()) return nullptr;
  auto encoder = Encoder::view(bytes, BASIN_ENCODER_SHA256);
  if (!encoder) std::abort();
  return std::move(*encoder);
}

}  // namespace basin::geometry
