#include "cli/weights_file.h"

#include "cli/input.h"
#include "geometry/builtin.h"

namespace basin::cli {

base::Result<std::shared_ptr<const geometry::Model>> open_model(const std::string& weights_file) {
  if (weights_file.empty()) return geometry::builtin_model();
  auto bytes = read_whole(weights_file);
  if (!bytes) return bytes.error();
  auto model = geometry::Model::load(std::move(*bytes));
  if (!model) return base::fail(model.error().code, weights_file + ": " + model.error().message);
  return model;
}

}  // namespace basin::cli
