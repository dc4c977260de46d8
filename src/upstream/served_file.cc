#include "upstream/served_file.h"

#include <string>

#include "geometry/model_header.h"
#include "upstream/model_file.h"

namespace basin::upstream {
namespace {

template <class T>
void fill(T& said, const T& found) {
  if (said == T{}) said = found;
}

}  // namespace

void add_from_files(ServedModel& model) {
  // A relative path is one of the server's own working folder.
  if (!model.weights_path.starts_with('/')) return;
  const auto file = open_model(model.weights_path, {});
  if (!file) return;
  const core::ModelShape& found = file->model.shape;
  core::ModelShape& shape = model.shape;
  if (found.layers > shape.layers) model.shape_from = "its file";
  fill(shape.name, found.name);
  fill(shape.architecture, found.architecture);
  fill(shape.quantisation, found.quantisation);
  fill(shape.parameters, found.parameters);
  fill(shape.file_bytes, found.file_bytes);
  fill(shape.d_model, found.d_model);
  fill(shape.layers, found.layers);
  fill(shape.heads, found.heads);
  fill(shape.kv_heads, found.kv_heads);
  fill(shape.head_dim, found.head_dim);
  fill(shape.feed_forward, found.feed_forward);
  fill(shape.vocabulary, found.vocabulary);
  fill(shape.context, found.context);
  fill(shape.tools, found.tools);
  fill(shape.vision, found.vision);
  fill(shape.thinking, found.thinking);
  if (found.experts == 0) return;
  // A server that tells no experts counts every parameter as active.
  fill(shape.experts, found.experts);
  fill(shape.experts_used, found.experts_used);
  shape.active_parameters = found.active_parameters;
}

}  // namespace basin::upstream
