// One server, asked what it is and what it has: its list of models, then in the words of its kind what each of them is.
// A bounded number of small requests; no prompt, and no key but a configured server's own.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "upstream/probe.h"
#include "upstream/served_model.h"

namespace basin::upstream {

// Ollama and llama.cpp's router are asked about each model by itself. So many are, those that tiers name and those in
// memory first; the others keep what the list says of them. Each takes a few milliseconds.
inline constexpr std::size_t kInspectedModels = 32;

// What to ask, and how.
struct Inspect {
  std::string base_url;                                     // without a path of its own: "/v1/models" is put behind it
  std::vector<std::pair<std::string, std::string>> fields;  // the key, for a server that was configured with one
  std::vector<std::string> wanted;                          // models that tiers name
};

// What was found there.
struct Inspection {
  enum class Answer : std::uint8_t {
    nobody,   // nothing listens, or it does not answer in time
    loading,  // a model server that is not ready yet; it may list its models already, as llama.cpp does
    locked,   // it wants a key, or another one
    other,    // something answers that lists no models
    models,
  };
  Answer answer = Answer::nobody;
  std::string unready;  // loading: the URL that said so, and will say something else one day
  ServerKind kind = ServerKind::other;
  std::vector<ServedModel> models;
};

// Blocks for as long as the prober takes. Stops asking about single models once one question is not answered.
Inspection inspect(const Inspect& what, const Prober& ask);

}  // namespace basin::upstream
