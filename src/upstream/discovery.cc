#include "upstream/discovery.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "net/fetch.h"
#include "upstream/base_url.h"
#include "upstream/known_servers.h"
#include "upstream/listener_owner.h"
#include "upstream/model_listing.h"

namespace basin::upstream {
namespace {

using core::Dialect;

constexpr std::uint32_t kPatienceMs = 500;

struct Door {
  Dialect dialect;
  std::string_view path;
};
constexpr Door kDoors[] = {{Dialect::anthropic, "/v1/messages"},
                           {Dialect::openai_chat, "/v1/chat/completions"},
                           {Dialect::openai_responses, "/v1/responses"}};

// An endpoint that exists finds fault with an empty object; one that does not says that there is no such path.
bool is_a_door(int status) { return status != 404 && status != 405 && status != 501; }

bool named_by_a_tier(const Options& options, std::string_view name) {
  return std::any_of(options.tiers.begin(), options.tiers.end(),
                     [&](const TierOptions& t) { return t.upstream == name; });
}

// By name, or because the file gives the same port another name.
bool configured(const Options& options, const LocalServer& server) {
  return std::any_of(options.upstreams.begin(), options.upstreams.end(), [&](const UpstreamOptions& u) {
    const auto url = parse_base_url(u.base_url);
    return u.name == server.name || (url.ok() && url->loopback() && url->port == server.port);
  });
}

// Whose port it is, is asked only where somebody answers: the kernel walks all its sockets for it.
bool belongs_to_a_stranger(const LocalServer& server, Discovery& discovery) {
  const auto owner = listener_owner(server.port);
  if (!owner || is_trusted_owner(*owner, ::getuid())) return false;
  discovery.passed_over.push_back(fmt::format("port {} ({}) belongs to user {}: to use it, write it as an [[upstream]]",
                                              server.port, server.name, *owner));
  return true;
}

void look_at(const LocalServer& server, const Prober& prober, bool wanted, Discovery& discovery) {
  UpstreamOptions found = server.options();
  found.discovered = true;
  const auto listing = prober("GET", found.base_url + "/v1/models", "");
  if (listing && belongs_to_a_stranger(server, discovery)) return;
  const auto models = listing && listing->status == 200 ? models_listed(listing->body) : std::nullopt;
  if (models) {
    found.models = *models;
    found.dialects.clear();
    for (const Door& door : kDoors) {
      const auto answer = prober("POST", fmt::format("{}{}", found.base_url, door.path), "{}");
      if (answer && is_a_door(answer->status)) found.dialects.push_back(door.dialect);
    }
  }
  if (models ? !found.dialects.empty() : wanted) discovery.found.push_back(std::move(found));
}

}  // namespace

Discovery discover(const Options& options, const Prober& prober) {
  Discovery discovery;
  for (const LocalServer& server : local_servers()) {
    if (configured(options, server)) continue;
    const bool wanted = named_by_a_tier(options, server.name);
    if (!options.discover && !wanted) continue;
    look_at(server, prober, wanted, discovery);
  }
  return discovery;
}

Prober loopback_prober() {
  return [](const std::string& method, const std::string& url, const std::string& body) -> std::optional<Probe> {
    net::FetchRequest request;
    request.method = method;
    request.url = url;
    request.body = body;
    request.timeout_ms = kPatienceMs;
    if (!body.empty()) request.fields = {{"content-type", "application/json"}};
    auto response = net::blocking_fetch(std::move(request));
    if (!response.ok()) return std::nullopt;
    return Probe{response->status, std::move(response->body)};
  };
}

}  // namespace basin::upstream
