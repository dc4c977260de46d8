// A model on this machine's disk, opened by its head: what it is, never what it weighs in bytes read. See
// model_file.cc.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "geometry/model_header.h"

namespace basin::upstream {

enum class ModelForm : std::uint8_t { gguf, safetensors };
// As it is written in answers.
std::string_view name_of(ModelForm form);

// What was found.
struct ModelFile {
  ModelForm form = ModelForm::gguf;
  std::string path;                // the file, its first part, or the folder
  std::vector<std::string> files;  // all that its weights stand in
  geometry::ModelHeader model;     // shape.name is never empty
};

// `where` is a .gguf file, any part of a split one, a blob of Ollama's, a folder with config.json and *.safetensors (or
// a file in it), or a model's name at Ollama, looked up in `ollama_stores` if there is no such path. Blocks while heads
// are read, some 20 MB at most for a usual model. Errors, each with the path: not_found; invalid (no such file; cut
// short; wrong heads); unsupported (an adapter, a vision projector); too_large (past a reader's limits).
base::Result<ModelFile> open_model(const std::string& where, const std::vector<std::string>& ollama_stores);

// The largest models come in some 200 files.
inline constexpr std::size_t kModelFileLimit = 1'000;

}  // namespace basin::upstream
