#include "cli/weights_file.h"

#include "cli/input.h"
#include "geometry/builtin.h"

namespace basin::cli {

namespace {

base::Result<std::shared_ptr<const geometry::Model>> open_weights(const std::string& weights_file) {
  if (weights_file.empty()) return geometry::builtin_model();
  auto bytes = read_whole(weights_file);
  if (!bytes) return bytes.error();
  auto model = geometry::load_model(std::move(*bytes));
  if (!model) return base::fail(model.error().code, weights_file + ": " + model.error().message);
  return model;
}

}  // namespace

base::Result<std::shared_ptr<const geometry::Encoder>> open_encoder(const std::string& file) {
  auto bytes = read_whole(file);
  if (!bytes) return bytes.error();
  auto encoder = geometry::Encoder::load(std::move(*bytes));
  if (!encoder) return base::fail(encoder.error().code, file + ": " + encoder.error().message);
  return encoder;
}

base::Result<std::shared_ptr<const geometry::Model>> open_model(const std::string& weights_file,
                                                                const std::string& encoder_file) {
  auto model = open_weights(weights_file);
  if (!model) return model.error();
  if (!encoder_file.empty()) {
    auto encoder = open_encoder(encoder_file);
    if (!encoder) return encoder.error();
    return (*model)->with(std::move(*encoder));
  }
  if (!(*model)->blend() || (*model)->encoder()) return model;
  const auto encoder = geometry::builtin_encoder();
  if (!encoder || encoder->mark() != (*model)->blend()->encoder_mark) return model;
  return (*model)->with(encoder);
}

}  // namespace basin::cli
