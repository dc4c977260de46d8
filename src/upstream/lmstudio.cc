#include "upstream/lmstudio.h"

#include <algorithm>
#include <string>

#include "upstream/model_fields.h"
#include "upstream/model_listing.h"

namespace basin::upstream {
namespace {

using base::json::Document;
using base::json::Elements;
using base::json::Kind;
using base::json::Value;

// Several instances of one model may be loaded; a request may come to the one with the shortest context.
void add_instances(Value instances, ServedModel& model) {
  if (!instances.is(Kind::array)) return;
  model.loaded = false;
  for (Elements each(instances); each.next();) {
    const Value config = each.value().member("config");
    const std::uint32_t tokens = small_count_in(config.member("context_length"));
    const bool first = !*model.loaded;
    model.loaded = true;
    if (tokens > 0) model.context = first ? tokens : std::min(model.context, tokens);
    model.slots += small_count_in(config.member("parallel"));
  }
}

ServedModel model_in(Value item) {
  ServedModel model;
  model.name = text_in(item.member("key"));
  core::ModelShape& shape = model.shape;
  shape.name = text_in(item.member("display_name"));
  shape.architecture = text_in(item.member("architecture"));
  shape.quantisation = text_in(item.member("quantization").member("name"));
  shape.file_bytes = count_in(item.member("size_bytes"));
  shape.context = small_count_in(item.member("max_context_length"));
  const std::string size = text_in(item.member("params_string"));
  shape.parameters = parameters_in(size);
  const auto active = active_billions_in_name(size);
  shape.active_parameters = active ? static_cast<std::uint64_t>(*active * 1e9) : shape.parameters;
  if (shape.parameters > 0) model.shape_from = "/api/v1/models";
  const Value capabilities = item.member("capabilities");
  shape.vision = capabilities.member("vision").boolean();
  shape.tools = capabilities.member("trained_for_tool_use").boolean();
  if (capabilities.is(Kind::object)) shape.thinking = capabilities.member("reasoning").is(Kind::object);
  model.embeds = text_in(item.member("type")) == "embedding";
  add_instances(item.member("loaded_instances"), model);
  return model;
}

ServedModel model_in_v0(Value item) {
  ServedModel model;
  model.name = text_in(item.member("id"));
  model.shape.architecture = text_in(item.member("arch"));
  model.shape.quantisation = text_in(item.member("quantization"));
  model.shape.context = small_count_in(item.member("max_context_length"));
  const std::string type = text_in(item.member("type"));
  model.shape.vision = type == "vlm";
  model.shape.tools = list_has(item.member("capabilities"), "tool_use");
  model.embeds = type == "embeddings";
  model.loaded = text_in(item.member("state")) == "loaded";
  model.context = small_count_in(item.member("loaded_context_length"));
  return model;
}

std::optional<std::vector<ServedModel>> models_in(std::string_view json, std::string_view list_name,
                                                  std::string_view mark, ServedModel (*read)(Value)) {
  Document document;
  if (!document.parse_copy(json).ok()) return std::nullopt;
  const Value list = document.root().member(list_name);
  if (!list.is(Kind::array)) return std::nullopt;
  std::vector<ServedModel> models;
  for (Elements each(list); each.next() && models.size() < kListedModels;) {
    if (!each.value().member(mark).present()) return std::nullopt;
    ServedModel model = read(each.value());
    if (!model.name.empty()) models.push_back(std::move(model));
  }
  return models;
}

}  // namespace

std::optional<std::vector<ServedModel>> lmstudio_models(std::string_view json) {
  return models_in(json, "models", "key", &model_in);
}

std::optional<std::vector<ServedModel>> lmstudio_models_v0(std::string_view json) {
  return models_in(json, "data", "state", &model_in_v0);
}

}  // namespace basin::upstream
