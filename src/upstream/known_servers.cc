#include "upstream/known_servers.h"

namespace basin::upstream {
namespace {

constexpr std::string_view kVendors[] = {"anthropic", "openai"};
constexpr LocalServer kLocalServers[] = {{"ollama", 11434}, {"llamacpp", 8080}, {"lmstudio", 1234}, {"vllm", 8000}};

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
  return servers;
}

std::span<const std::string_view> vendor_names() { return kVendors; }
std::span<const LocalServer> local_servers() { return kLocalServers; }

}  // namespace basin::upstream
