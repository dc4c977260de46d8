#include "upstream/llamacpp.h"

#include <algorithm>
#include <charconv>
#include <string>

#include "geometry/chat_template.h"
#include "upstream/model_fields.h"

namespace basin::upstream {
namespace {

using base::json::Document;
using base::json::Elements;
using base::json::Kind;
using base::json::Value;

void add_meta(Value meta, ServedModel& model) {
  core::ModelShape& shape = model.shape;
  if (!meta.is(Kind::object)) return;
  shape.d_model = small_count_in(meta.member("n_embd"));
  shape.parameters = shape.active_parameters = count_in(meta.member("n_params"));
  shape.file_bytes = count_in(meta.member("size"));
  shape.vocabulary = small_count_in(meta.member("n_vocab"));
  shape.context = small_count_in(meta.member("n_ctx_train"));
  if (auto type = text_in(meta.member("ftype")); !type.empty()) shape.quantisation = std::move(type);
  if (const std::uint32_t tokens = small_count_in(meta.member("n_ctx")); tokens > 0) model.context = tokens;
  if (shape.parameters > 0) model.shape_from = "/v1/models";
}

// The number after one of a flag's names on a command line; 0 where it does not stand there.
std::uint32_t flag_in(Value args, std::string_view name, std::string_view short_name) {
  bool next = false;
  for (Elements each(args); each.next();) {
    const std::string word = text_in(each.value());
    if (next) {
      std::uint32_t number = 0;
      std::from_chars(word.data(), word.data() + word.size(), number);
      return number;
    }
    next = word == name || word == short_name;
  }
  return 0;
}

// What a router knows of a model that it would start. The context is shared by the slots unless they are unified.
void add_status(Value status, ServedModel& model) {
  if (!status.is(Kind::object)) return;
  model.loaded = text_in(status.member("value")) == "loaded";
  const Value args = status.member("args");
  const std::uint32_t tokens = flag_in(args, "--ctx-size", "-c");
  if (tokens == 0 || model.context > 0) return;
  const std::uint32_t slots = std::max(flag_in(args, "--parallel", "-np"), 1U);
  model.context = list_has(args, "--kv-unified").value_or(false) ? tokens : tokens / slots;
  model.context_guessed = true;
}

// Its file's name says more than the alias it was given: ".../Qwen3-8B-Q4_K_M.gguf" is "Qwen3-8B-Q4_K_M".
std::string model_in_path(std::string_view path) {
  path.remove_prefix(std::min(path.find_last_of('/') + 1, path.size()));
  if (path.ends_with(".gguf")) path.remove_suffix(5);
  return std::string(path);
}

}  // namespace

void add_llamacpp_item(Value item, ServedModel& model) {
  add_meta(item.member("meta"), model);
  add_status(item.member("status"), model);
  if (auto path = text_in(item.member("path")); !path.empty()) model.weights_path = std::move(path);
}

bool is_llamacpp_props(std::string_view json) {
  Document document;
  if (!document.parse_copy(json).ok()) return false;
  return document.root().member("default_generation_settings").is(Kind::object) || is_llamacpp_router(json);
}

bool is_llamacpp_router(std::string_view props_json) {
  Document document;
  return document.parse_copy(props_json).ok() && text_in(document.root().member("role")) == "router";
}

void add_llamacpp_props(std::string_view json, ServedModel& model) {
  Document document;
  if (!document.parse_copy(json).ok()) return;
  const Value root = document.root();
  const Value settings = root.member("default_generation_settings");
  if (!settings.is(Kind::object)) return;
  if (const std::uint32_t tokens = small_count_in(settings.member("n_ctx")); tokens > 0) {
    model.context = tokens;
    model.context_guessed = false;
  }
  model.slots = small_count_in(root.member("total_slots"));
  model.loaded = !root.member("is_sleeping").boolean().value_or(false);
  if (auto type = text_in(root.member("model_ftype")); !type.empty()) model.shape.quantisation = std::move(type);
  if (auto path = text_in(root.member("model_path")); !path.empty()) {
    model.shape.name = model_in_path(path);
    model.weights_path = std::move(path);
  }
  model.shape.vision = root.member("modalities").member("vision").boolean();
  model.shape.tools = root.member("chat_template_caps").member("supports_tools").boolean();
  const auto hints = geometry::hints_in_template(root.member("chat_template").string().value_or(std::string()));
  if (!model.shape.tools) model.shape.tools = hints.tools;
  model.shape.thinking = hints.thinking;
}

void add_llamacpp_slots(std::string_view json, ServedModel& model) {
  Document document;
  if (!document.parse_copy(json).ok() || !document.root().is(Kind::array)) return;
  std::uint32_t all = 0, busy = 0;
  for (Elements each(document.root()); each.next(); ++all) {
    if (each.value().member("is_processing").boolean().value_or(false)) ++busy;
  }
  if (all == 0) return;
  model.slots = all;
  model.free_slots = all - busy;
}

}  // namespace basin::upstream
