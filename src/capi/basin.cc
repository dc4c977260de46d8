// The C ABI over the explainer. Nothing may be thrown into a caller that is not C++, so each function that allocates
// runs inside guarded(); what C owns is released from its unique_ptr here and taken back into one to be freed.
#include "basin/basin.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <new>
#include <string>
#include <string_view>

#include "api/explainer.h"
#include "basin/engine.h"
#include "core/record.h"
#include "geometry/builtin.h"
#include "prompt/ask.h"

struct basin_engine {
  std::shared_ptr<const basin::geometry::Model> model;
};

namespace {

// Up to and with the last field of the first version.
constexpr std::size_t kFirstSize = offsetof(basin_explanation, similar) + sizeof(basin_explanation::similar);

// Where the caller wants to read why: text, cut to its room.
struct Complaint {
  char* text;
  std::size_t room;

  basin_status operator()(std::string_view why) const {
    if (text == nullptr || room == 0) return BASIN_INVALID;
    const std::size_t length = std::min(why.size(), room - 1);
    std::memcpy(text, why.data(), length);
    text[length] = '\0';
    return BASIN_INVALID;
  }
};

template <class Body>
basin_status guarded(Body&& body) noexcept {
  try {
    return body();
  } catch (const std::bad_alloc&) {
    return BASIN_NO_MEMORY;
  }
}

std::string_view view_of(const void* bytes, std::size_t size) {
  return size == 0 ? std::string_view() : std::string_view(static_cast<const char*>(bytes), size);
}

basin_engine* owned_by_caller(std::shared_ptr<const basin::geometry::Model> model) {
  return std::make_unique<basin_engine>(basin_engine{std::move(model)}).release();
}

basin_explanation explanation_of(const basin::core::Decision& decision) {
  const basin::core::Difficulty& d = decision.difficulty;
  const auto likeliest = std::max_element(d.topology.begin(), d.topology.end()) - d.topology.begin();
  basin_explanation e{};
  e.p_small_ok = d.p_small_ok;
  e.p_low = d.p_low;
  e.p_high = d.p_high;
  e.difficulty = d.difficulty;
  e.delta_info = d.delta_info;
  e.delta_tokens = d.delta_tokens;
  e.depth = d.depth;
  // name_of() gives views of whole literals, which end in a zero.
  e.topology = basin::core::name_of(static_cast<basin::core::Topology>(likeliest)).data();
  e.action = basin::core::name_of(decision.action).data();
  e.similar = d.n;
  e.stage = d.stage;
  return e;
}

}  // namespace

extern "C" {

BASIN_API const char* basin_version(void) { return basin::Engine::version().data(); }

BASIN_API basin_engine* basin_engine_builtin(void) {
  basin_engine* engine = nullptr;
  guarded([&] {
    engine = owned_by_caller(basin::geometry::builtin_model());
    return BASIN_OK;
  });
  return engine;
}

BASIN_API basin_status basin_engine_from_weights(const void* bytes, size_t bytes_size, basin_engine** engine,
                                                 char* error, size_t error_size) {
  const Complaint complain{error, error_size};
  if (engine == nullptr) return complain("engine must not be NULL");
  *engine = nullptr;
  if (bytes == nullptr && bytes_size > 0) return complain("bytes must not be NULL");
  return guarded([&] {
    auto model = basin::geometry::load_model(std::string(view_of(bytes, bytes_size)));
    if (!model) return complain(model.error().message);
    *engine = owned_by_caller(std::move(*model));
    return BASIN_OK;
  });
}

BASIN_API void basin_engine_free(basin_engine* engine) { const std::unique_ptr<basin_engine> ended(engine); }

BASIN_API const char* basin_engine_weights_sha256(const basin_engine* engine) {
  return engine == nullptr ? nullptr : engine->model->sha256().c_str();
}

BASIN_API basin_status basin_explain(const basin_engine* engine, const char* prompt, size_t prompt_size,
                                     basin_explanation* explanation) {
  if (engine == nullptr || explanation == nullptr || explanation->size < kFirstSize) return BASIN_INVALID;
  if (prompt == nullptr && prompt_size > 0) return BASIN_INVALID;
  return guarded([&] {
    basin::api::Explainer explainer(engine->model);
    basin_explanation e = explanation_of(explainer.decide(basin::prompt::prompt_of(view_of(prompt, prompt_size))));
    e.size = explanation->size;
    std::memcpy(explanation, &e, std::min(e.size, sizeof e));
    return BASIN_OK;
  });
}

BASIN_API basin_status basin_explain_json(const basin_engine* engine, const char* prompt_or_body,
                                          size_t prompt_or_body_size, char** json, char* error, size_t error_size) {
  const Complaint complain{error, error_size};
  if (json == nullptr) return complain("json must not be NULL");
  *json = nullptr;
  if (engine == nullptr) return complain("engine must not be NULL");
  if (prompt_or_body == nullptr && prompt_or_body_size > 0) return complain("prompt_or_body must not be NULL");
  return guarded([&] {
    basin::api::Explainer explainer(engine->model);
    const auto decision = explainer.explain(view_of(prompt_or_body, prompt_or_body_size));
    if (!decision) return complain(decision.error().message);
    std::string record;
    basin::core::append_record(record, *decision, {basin::Engine::version(), explainer.weights_sha256()});
    auto text = std::make_unique_for_overwrite<char[]>(record.size() + 1);
    std::memcpy(text.get(), record.c_str(), record.size() + 1);
    *json = text.release();
    return BASIN_OK;
  });
}

BASIN_API void basin_text_free(char* text) { const std::unique_ptr<char[]> ended(text); }

}  // extern "C"
