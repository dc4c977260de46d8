// Which weights a command measures with.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "geometry/model.h"

namespace basin::cli {

inline constexpr const char* kEncoderHelp = "the encoder that the weight file's second stage was fitted to";

// The embedded weights, or a file's; with the encoder of a file, or the embedded one where the weights were fitted to
// it. Errors: those of read_whole, geometry::load_model, Model::with(), and geometry::Encoder::load.
base::Result<std::shared_ptr<const geometry::Model>> open_model(const std::string& weights_file,
                                                                const std::string& encoder_file = {});
// Errors: those of read_whole and geometry::Encoder::load.
base::Result<std::shared_ptr<const geometry::Encoder>> open_encoder(const std::string& file);

}  // namespace basin::cli
