#include "geometry/builtin.h"

#include <cstdlib>

extern "C" const char basin_weights_begin[];
extern "C" const char basin_weights_end[];
extern "C" const char basin_encoder_begin[];
extern "C" const char basin_encoder_end[];
extern "C" const char basin_spelling_begin[];
extern "C" const char basin_spelling_end[];

namespace basin::geometry {

std::shared_ptr<const Model> builtin_model() {
  const std::string_view bytes(basin_weights_begin, static_cast<std::size_t>(basin_weights_end - basin_weights_begin));
  auto model = Model::view(bytes, BASIN_WEIGHTS_SHA256);
  // Our own fault, and found by the first test of a build: nothing sensible can be decided without weights.
  if (!model) std::abort();
  auto spelled = (*model)->with(builtin_spelling());
  const auto encoder = spelled->blend() ? builtin_encoder() : nullptr;
  if (!encoder) return spelled;
  auto whole = spelled->with(encoder);
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

std::shared_ptr<const Spelling> builtin_spelling() {
  const std::string_view bytes(basin_spelling_begin,
                               static_cast<std::size_t>(basin_spelling_end - basin_spelling_begin));
  if (bytes.empty()) return nullptr;
  auto spelling = Spelling::view(bytes);
  if (!spelling) std::abort();
  return std::move(*spelling);
}

base::Result<std::shared_ptr<const Model>> load_model(std::string bytes) {
  auto model = Model::load(std::move(bytes));
  if (!model) return model.error();
  return (*model)->with(builtin_spelling());
}

}  // namespace basin::geometry
