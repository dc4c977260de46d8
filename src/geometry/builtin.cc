#include "geometry/builtin.h"

#include <cstdio>
#include <cstdlib>

extern "C" const char basin_weights_begin[];
extern "C" const char basin_weights_end[];

namespace basin::geometry {

std::shared_ptr<const Model> builtin_model() {
  const std::string_view bytes(basin_weights_begin, static_cast<std::size_t>(basin_weights_end - basin_weights_begin));
  auto model = Model::view(bytes, BASIN_WEIGHTS_SHA256);
  if (!model) {
    // Our own fault, found at the first start of a build: nothing sensible can be decided without weights.
    std::fprintf(stderr, "basin: embedded %s\n", model.error().message.c_str());
    std::abort();
  }
  return std::move(*model);
}

}  // namespace basin::geometry
