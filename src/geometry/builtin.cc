#include "geometry/builtin.h"

#include <cstdlib>

extern "C" const char basin_weights_begin[];
extern "C" const char basin_weights_end[];

namespace basin::geometry {

std::shared_ptr<const Model> builtin_model() {
  const std::string_view bytes(basin_weights_begin, static_cast<std::size_t>(basin_weights_end - basin_weights_begin));
  auto model = Model::view(bytes, BASIN_WEIGHTS_SHA256);
  // Our own fault, and found by the first test of a build: nothing sensible can be decided without weights.
  if (!model) std::abort();
  return std::move(*model);
}

}  // namespace basin::geometry
