#include "upstream/known_servers.h"

namespace basin::upstream {
namespace {

constexpr std::string_view kVendors[] = {"anthropic", "openai"};
constexpr StarterModels kStarters[] = {{"anthropic", "claude-haiku-5-5", "claude-opus-5-5"},
                                       {"openai", "gpt-6-luna", "gpt-6.1-sol"}};
constexpr LocalServer kLocalServers[] = {
    {"ollama", 11434, "start it with OLLAMA_CONTEXT_LENGTH=65536 in its environment"},
    {"llamacpp", 8080, "start llama-server with --ctx-size 65536"},
    {"lmstudio", 1234, "set the context length when loading the model"},
    {"vllm", 8000, "start it with --max-model-len 65536"},
};

}  // namespace

std::vector<UpstreamOptions> vendor_servers() {
  std::vector<UpstreamOptions> servers(2);
  UpstreamOptions& anthropic = servers[0];
  anthropic.name = anthropic.vendor = "anthropic";
  anthropic.base_url = "https://api.anthropic.com";
  anthropic.dialects = {core::Dialect::anthropic};
  anthropic.key_env = "ANTHROPIC_API_KEY";

  UpstreamOptions& openai = servers[1];
  openai.name = openai.vendor = "openai";
  openai.base_url = "https://api.openai.com";
  openai.dialects = {core::Dialect::openai_chat, core::Dialect::openai_responses};
  openai.key_env = "OPENAI_API_KEY";
  anthropic.builtin = openai.builtin = true;
  return servers;
}

UpstreamOptions LocalServer::options() const {
  UpstreamOptions server;
  server.name = name;
  server.base_url = "http://127.0.0.1:" + std::to_string(port);
  server.dialects = {core::Dialect::anthropic, core::Dialect::openai_chat, core::Dialect::openai_responses};
  server.client_key = false;
  return server;
}

std::span<const std::string_view> vendor_names() { return kVendors; }
const StarterModels* starter_models(std::string_view vendor) {
  for (const StarterModels& models : kStarters) {
    if (models.vendor == vendor) return &models;
  }
  return nullptr;
}

std::span<const LocalServer> local_servers() { return kLocalServers; }

std::string_view how_to_raise_context(ServerKind kind, std::string_view name, std::uint16_t port) {
  for (const LocalServer& server : kLocalServers) {
    if (kind == ServerKind::other ? server.name == name || server.port == port : server.name == name_of(kind))
      return server.raise_context;
  }
  return {};
}

}  // namespace basin::upstream
