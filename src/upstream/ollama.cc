#include "upstream/ollama.h"

#include <algorithm>
#include <charconv>
#include <string>

#include "geometry/chat_template.h"
#include "upstream/model_fields.h"
#include "upstream/model_listing.h"

namespace basin::upstream {
namespace {

using base::json::Document;
using base::json::Elements;
using base::json::Kind;
using base::json::Members;
using base::json::Value;

void add_details(Value details, ServedModel& model) {
  if (auto family = text_in(details.member("family")); !family.empty()) model.shape.architecture = std::move(family);
  if (auto level = text_in(details.member("quantization_level")); !level.empty() && level != "unknown")
    model.shape.quantisation = std::move(level);
  if (const auto parameters = parameters_in(text_in(details.member("parameter_size"))); parameters > 0)
    model.shape.parameters = parameters;
}

// The value of a line "num_ctx   32768" of the Modelfile's parameters.
std::uint32_t context_parameter(std::string_view parameters) {
  constexpr std::string_view kName = "num_ctx";
  std::size_t at = 0;
  while (at < parameters.size()) {
    const std::size_t end = std::min(parameters.find('\n', at), parameters.size());
    std::string_view line = parameters.substr(at, end - at);
    at = end + 1;
    if (!line.starts_with(kName)) continue;
    line.remove_prefix(kName.size());
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    std::uint32_t tokens = 0;
    std::from_chars(line.data(), line.data() + line.size(), tokens);
    return tokens;
  }
  return 0;
}

// The largest of a number or, where layers differ, of a list of numbers.
std::uint32_t largest_in(Value value) {
  std::uint32_t most = small_count_in(value);
  for (Elements each(value); each.next();) most = std::max(most, small_count_in(each.value()));
  return most;
}

// One "ARCHITECTURE.KEY" of the GGUF header. Gives back the width of one expert, which the shape has no place for.
void add_geometry(std::string_view key, Value value, core::ModelShape& shape, std::uint64_t& expert_width) {
  if (key == "context_length") shape.context = small_count_in(value);
  if (key == "embedding_length") shape.d_model = small_count_in(value);
  if (key == "block_count") shape.layers = small_count_in(value);
  if (key == "feed_forward_length") shape.feed_forward = largest_in(value);
  if (key == "vocab_size") shape.vocabulary = small_count_in(value);
  if (key == "expert_count") shape.experts = small_count_in(value);
  if (key == "expert_used_count") shape.experts_used = small_count_in(value);
  if (key == "expert_feed_forward_length") expert_width = small_count_in(value);
  if (key == "attention.head_count") shape.heads = largest_in(value);
  if (key == "attention.head_count_kv") shape.kv_heads = largest_in(value);
  if (key == "attention.key_length") shape.head_dim = small_count_in(value);
}

// Of a mixture, a token passes `experts_used` of `experts`, each three matrices of d_model x its width.
std::uint64_t active_parameters(const core::ModelShape& shape, std::uint64_t expert_width) {
  if (shape.experts == 0 || shape.experts_used >= shape.experts || expert_width == 0) return shape.parameters;
  const double idle =
      3.0 * shape.d_model * static_cast<double>(expert_width) * shape.layers * (shape.experts - shape.experts_used);
  const double active = static_cast<double>(shape.parameters) - idle;
  return active > 0 ? static_cast<std::uint64_t>(active) : shape.parameters;
}

void add_model_info(Value info, core::ModelShape& shape) {
  if (!info.is(Kind::object)) return;
  if (auto architecture = text_in(info.member("general.architecture")); !architecture.empty())
    shape.architecture = std::move(architecture);
  const std::string prefix = shape.architecture + ".";
  std::uint64_t expert_width = 0;
  for (Members each(info); each.next();) {
    const std::string_view name = each.name();
    if (name == "general.name") shape.name = text_in(each.value());
    if (name == "general.parameter_count" && count_in(each.value()) > 0) shape.parameters = count_in(each.value());
    if (name.starts_with(prefix)) add_geometry(name.substr(prefix.size()), each.value(), shape, expert_width);
  }
  shape.active_parameters = active_parameters(shape, expert_width > 0 ? expert_width : shape.feed_forward);
}

}  // namespace

std::optional<std::vector<ServedModel>> ollama_tags(std::string_view json) {
  Document document;
  if (!document.parse_copy(json).ok()) return std::nullopt;
  const Value list = document.root().member("models");
  if (!list.is(Kind::array)) return std::nullopt;
  std::vector<ServedModel> models;
  for (Elements each(list); each.next() && models.size() < kListedModels;) {
    ServedModel model;
    model.name = text_in(each.value().member("name"));
    if (model.name.empty()) continue;
    model.shape.file_bytes = count_in(each.value().member("size"));
    model.elsewhere = !text_in(each.value().member("remote_host")).empty();
    add_details(each.value().member("details"), model);
    if (model.shape.parameters > 0) model.shape_from = "/api/tags";
    models.push_back(std::move(model));
  }
  return models;
}

void add_ollama_show(std::string_view json, ServedModel& model) {
  Document document;
  if (!document.parse_copy(json).ok()) return;
  const Value root = document.root();
  add_details(root.member("details"), model);
  add_model_info(root.member("model_info"), model.shape);
  if (model.shape.d_model > 0) model.shape_from = "/api/show";
  const Value capabilities = root.member("capabilities");
  model.shape.tools = list_has(capabilities, "tools");
  model.shape.vision = list_has(capabilities, "vision");
  model.shape.thinking = list_has(capabilities, "thinking");
  if (!capabilities.present()) {  // before version 0.6.4 the template is all there is
    const auto hints = geometry::hints_in_template(root.member("template").string().value_or(std::string()));
    model.shape.tools = hints.tools;
    model.shape.thinking = hints.thinking;
  }
  const bool speaks = list_has(capabilities, "completion").value_or(true);
  model.embeds = list_has(capabilities, "embedding").value_or(false) && !speaks;
  const auto parameters = root.member("parameters").string();
  if (!parameters || model.loaded.value_or(false)) return;
  model.context = context_parameter(*parameters);
  model.context_guessed = model.context > 0;
}

void add_ollama_running(std::string_view json, std::vector<ServedModel>& models) {
  Document document;
  if (!document.parse_copy(json).ok()) return;
  const Value list = document.root().member("models");
  if (!list.is(Kind::array)) return;
  for (ServedModel& model : models) model.loaded = model.elsewhere;
  for (Elements each(list); each.next();) {
    const std::string name = text_in(each.value().member("name"));
    const auto at = std::find_if(models.begin(), models.end(), [&](const auto& m) { return m.name == name; });
    if (at == models.end()) continue;
    at->loaded = true;
    if (const std::uint32_t tokens = small_count_in(each.value().member("context_length")); tokens > 0) {
      at->context = tokens;
      at->context_guessed = false;
    }
  }
}

}  // namespace basin::upstream
