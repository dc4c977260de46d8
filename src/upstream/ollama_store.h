// The models that Ollama keeps on this machine: a manifest for each name, a blob for each of its parts.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace basin::upstream {

// A variable's value; nothing where it is not set.
using VariableLookup = std::function<std::optional<std::string_view>(std::string_view)>;
// The folders it keeps models in: the one OLLAMA_MODELS names, else the person's own; and that of Ollama run as a
// service. They need not exist.
std::vector<std::string> model_stores(const VariableLookup& variable);

// A model's parts that matter here, as paths; empty where it has none.
struct OllamaModel {
  std::string weights;    // a GGUF file
  std::string projector;  // of pictures, beside the weights
  std::string chat_template;
};

// The path of a name's manifest within a store: "llama3.2:3b" is
// "manifests/registry.ollama.ai/library/llama3.2/3b". Nothing for what can be no name: empty parts, parts that begin
// with a dot, more parts than host, namespace and model.
std::optional<std::string> ollama_manifest_path(std::string_view name);

// What a manifest says, with the blobs of `store`. Errors: invalid (no manifest), unsupported (a model that is not kept
// as one GGUF file).
base::Result<OllamaModel> read_ollama_manifest(std::string_view json, const std::string& store);

// Looks a name up in the stores, in order. Errors: not_found, naming the stores; those above.
base::Result<OllamaModel> find_ollama_model(std::string_view name, const std::vector<std::string>& stores);

}  // namespace basin::upstream
