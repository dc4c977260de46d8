// What Ollama says of its models. /api/tags lists what is pulled; /api/show has one model's geometry from its GGUF
// header and what it can do; /api/ps tells which are in memory, and with how much context.
//
// Its context in force is the trap of this server: 4,096 tokens unless its user says otherwise, and a longer prompt is
// cut at the front without a word. Only /api/ps tells the truth, and only of a model that is loaded; a Modelfile's
// num_ctx is what the next load will take.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "upstream/served_model.h"

namespace basin::upstream {

// GET /api/tags; nothing where it is not such a list.
std::optional<std::vector<ServedModel>> ollama_tags(std::string_view json);

// POST /api/show {"model":NAME}, added to the model that was asked about; the context of a loaded one stays as
// /api/ps told it. What is no such answer adds nothing.
void add_ollama_show(std::string_view json, ServedModel& model);

// GET /api/ps: which of the models are loaded, and their context. What is no such answer adds nothing.
void add_ollama_running(std::string_view json, std::vector<ServedModel>& models);

}  // namespace basin::upstream
