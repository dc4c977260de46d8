#include "upstream/model_listing.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "base/json.h"
#include "upstream/credentials.h"
#include "upstream/llamacpp.h"
#include "upstream/model_fields.h"

namespace basin::upstream {
namespace {

using base::json::Document;
using base::json::Elements;
using base::json::Kind;
using base::json::Value;

// Everybody has another word for it. Where several stand, the smallest binds: a router's own limit for a model may be
// below the model's.
void add_context(Value item, ServedModel& model) {
  const Value top_provider = item.member("top_provider");
  for (const Value said :
       {item.member("max_model_len"), item.member("context_length"), item.member("context_window"),
        item.member("max_context_length"), item.member("max_input_tokens"), top_provider.member("context_length")}) {
    const std::uint32_t tokens = small_count_in(said);
    if (tokens > 0) model.context = model.context > 0 ? std::min(model.context, tokens) : tokens;
  }
}

std::optional<bool> either(std::optional<bool> a, std::optional<bool> b) { return a ? a : b; }

// {"image_input":{"supported":true}} of Anthropic, {"vision":true} of Mistral.
std::optional<bool> capability(Value capabilities, std::string_view supported, std::string_view plain) {
  return either(capabilities.member(supported).member("supported").boolean(), capabilities.member(plain).boolean());
}

void add_capabilities(Value item, core::ModelShape& shape) {
  const Value modalities = item.member("architecture").member("input_modalities");
  const Value parameters = item.member("supported_parameters");
  const Value capabilities = item.member("capabilities");
  shape.vision = either(list_has(modalities, "image"), capability(capabilities, "image_input", "vision"));
  shape.tools = either(list_has(parameters, "tools"), capability(capabilities, "tool_use", "function_calling"));
  shape.thinking = either(list_has(parameters, "reasoning"), capability(capabilities, "thinking", "reasoning"));
  if (!shape.vision) shape.vision = item.member("supports_image_input").boolean();
  if (!shape.tools) shape.tools = item.member("supports_tools").boolean();
}

// A name under which the model is known, where the server calls it something else.
std::string known_as(Value item) {
  for (const std::string_view key : {"hugging_face_id", "root", "display_name"}) {
    if (auto name = text_in(item.member(key)); !name.empty()) return name;
  }
  return {};
}

ServedModel model_in(Value item) {
  ServedModel model;
  model.name = text_in(item.member("id"));
  model.shape.name = known_as(item);
  add_context(item, model);
  add_capabilities(item, model.shape);
  add_llamacpp_item(item, model);
  model.embeds = text_in(item.member("type")) == "embedding";
  // vLLM's root is a folder, or a name at a hub.
  if (auto root = text_in(item.member("root")); root.starts_with('/')) model.weights_path = std::move(root);
  return model;
}

}  // namespace

net::FetchRequest models_request(const Server& server) {
  net::FetchRequest request;
  request.url =
      fmt::format("{}://{}{}/v1/models", server.url.tls ? "https" : "http", server.url.authority(), server.url.prefix);
  const core::Dialect dialect = server.dialects.empty() ? core::Dialect::openai_chat : server.dialects.front();
  if (dialect == core::Dialect::anthropic) {
    request.url += "?limit=1000";  // the most it gives; without it a page has 20, and a tier's model may be on the next
  }
  if (const VersionField version = version_field(dialect); !version.name.empty())
    request.fields.emplace_back(version.name, version.value);
  if (server.key.empty()) return request;
  const KeyStyle style = key_style(dialect, server.vendor);
  if (style.api_key_field) request.fields.emplace_back("x-api-key", std::string(server.key.reveal()));
  if (style.bearer) request.fields.emplace_back("Authorization", "Bearer " + std::string(server.key.reveal()));
  return request;
}

std::optional<std::vector<ServedModel>> models_listed(std::string_view json) {
  Document document;
  if (!document.parse_copy(json).ok()) return std::nullopt;
  const Value data = document.root().member("data");
  if (!data.is(Kind::array)) return std::nullopt;
  std::vector<ServedModel> models;
  for (Elements each(data); each.next() && models.size() < kListedModels;) {
    ServedModel model = model_in(each.value());
    if (!model.name.empty()) models.push_back(std::move(model));
  }
  return models;
}

ServerKind kind_of_list(std::string_view json) {
  Document document;
  if (!document.parse_copy(json).ok()) return ServerKind::other;
  for (Elements each(document.root().member("data")); each.next();) {
    const std::string owner = text_in(each.value().member("owned_by"));
    if (owner == "llamacpp") return ServerKind::llamacpp;
    if (owner == "vllm") return ServerKind::vllm;
    if (owner == "library") return ServerKind::ollama;
    if (owner == "organization_owner") return ServerKind::lmstudio;
  }
  return ServerKind::other;
}

bool tells_version(std::string_view json) {
  Document document;
  return document.parse_copy(json).ok() && document.root().member("version").is(Kind::string);
}

}  // namespace basin::upstream
