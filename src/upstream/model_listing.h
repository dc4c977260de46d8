// The list of models that every server gives at /v1/models. OpenAI's own has names and nothing else; what others add is
// read where it is there: Anthropic's limits and capabilities, vLLM's max_model_len, OpenRouter's context_length,
// modalities and parameters, Mistral's and Groq's fields, llama.cpp's meta.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "net/fetch.h"
#include "upstream/catalogue.h"
#include "upstream/served_model.h"

namespace basin::upstream {

// Models taken from one list; the routers with the most list some five hundred, and a tier's may be the last.
inline constexpr std::size_t kListedModels = 2'000;

// Asks for the list, with our key where we have one, in the form that the server's first dialect wants.
net::FetchRequest models_request(const Server& server);

// The models in an answer {"data":[{"id":...}]}; nothing where it is not one. A context in it is told: hosted servers
// have their models ready.
std::optional<std::vector<ServedModel>> models_listed(std::string_view json);

// What the list's `owned_by` says of the server that gave it; `other` where it says nothing we know.
ServerKind kind_of_list(std::string_view json);

// Whether that is {"version":TEXT}, as Ollama answers at /api/version and vLLM at /version.
bool tells_version(std::string_view json);

}  // namespace basin::upstream
