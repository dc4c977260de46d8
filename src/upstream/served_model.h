// What a server says of the models it has: geometry, context in force, whether it is in memory, what it takes. Each
// kind of server says it in its own words (ollama.h, llamacpp.h, lmstudio.h, model_listing.h); here they are the same.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/model_shape.h"

namespace basin::upstream {

// What runs there, told by its answers and never by its port: anybody may listen on 8080.
enum class ServerKind : std::uint8_t { other, ollama, llamacpp, lmstudio, vllm };

constexpr std::string_view name_of(ServerKind kind) {
  switch (kind) {
    case ServerKind::other: return "other";
    case ServerKind::ollama: return "ollama";
    case ServerKind::llamacpp: return "llamacpp";
    case ServerKind::lmstudio: return "lmstudio";
    case ServerKind::vllm: return "vllm";
  }
  return "other";
}

// A model on one server. What nobody says is 0, empty or absent.
struct ServedModel {
  std::string name;        // as requests name it
  core::ModelShape shape;  // shape.context is what it was trained for, which says nothing of what is in force
  std::string shape_from;  // who told the geometry, for people: "/api/show"

  std::uint32_t context = 0;                // tokens in force for one request, prompt and answer together
  bool context_guessed = false;             // told from how it would be started, not by the running model
  std::optional<bool> loaded;               // in memory when it was asked; a cold one takes its time
  std::uint32_t slots = 0;                  // requests it works on at once
  std::optional<std::uint32_t> free_slots;  // of them, when it was asked

  bool embeds = false;       // answers with vectors, not with text
  bool elsewhere = false;    // a local server passes its prompts on to another machine
  std::string weights_path;  // where its weights lie on the server's machine
};

}  // namespace basin::upstream
