#include "upstream/model_listing.h"

#include <fmt/format.h>

#include "base/json.h"
#include "upstream/credentials.h"

namespace basin::upstream {

net::FetchRequest models_request(const Server& server) {
  net::FetchRequest request;
  request.url =
      fmt::format("{}://{}{}/v1/models", server.url.tls ? "https" : "http", server.url.authority(), server.url.prefix);
  const core::Dialect dialect = server.dialects.empty() ? core::Dialect::openai_chat : server.dialects.front();
  if (dialect == core::Dialect::anthropic) request.fields.emplace_back("anthropic-version", "2023-06-01");
  if (server.key.empty()) return request;
  const KeyStyle style = key_style(dialect, server.vendor);
  if (style.api_key_field) request.fields.emplace_back("x-api-key", std::string(server.key.reveal()));
  if (style.bearer) request.fields.emplace_back("Authorization", "Bearer " + std::string(server.key.reveal()));
  return request;
}

std::optional<std::vector<std::string>> models_listed(const std::string& body) {
  base::json::Document document;
  if (!document.parse(body).ok()) return std::nullopt;
  const auto data = document.root().member("data");
  if (!data.is(base::json::Kind::array)) return std::nullopt;
  std::vector<std::string> models;
  for (base::json::Elements each(data); each.next() && models.size() < kListedModels;) {
    if (auto id = each.value().member("id").string()) models.push_back(std::move(*id));
  }
  return models;
}

}  // namespace basin::upstream
