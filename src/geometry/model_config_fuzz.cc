// Any bytes as a config.json: what is read has a width and layers within belief.
#include "geometry/model_config.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace basin::geometry;
  const auto read = read_model_config({reinterpret_cast<const char*>(data), size});
  if (!read.ok()) return 0;
  const auto& shape = read->model.shape;
  if (shape.d_model == 0 || shape.layers == 0 || shape.layers > kLayerLimit || read->bits > 32) std::abort();
  (void)kv_cache_bytes(read->model, shape.context);
  return 0;
}
