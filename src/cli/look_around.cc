#include "cli/look_around.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "cli/running.h"
#include "upstream/base_url.h"
#include "upstream/known_servers.h"
#include "upstream/listener_owner.h"

namespace basin::cli {
namespace {

base::Status give_a_name(upstream::UpstreamOptions& own, const upstream::Options& options) {
  for (const std::string_view name : {upstream::kOwnServerName, upstream::kOwnServerSecondName}) {
    own.name = name;
    if (std::none_of(options.upstreams.begin(), options.upstreams.end(),
                     [&](const upstream::UpstreamOptions& each) { return each.name == name; }))
      return base::ok_status();
  }
  return base::fail(base::Code::configuration,
                    fmt::format("[[upstream]]s are called \"{}\" and \"{}\", and the model server that --gguf starts "
                                "wants one of these names: give one of them another",
                                upstream::kOwnServerName, upstream::kOwnServerSecondName));
}

}  // namespace

upstream::UpstreamOptions own_server_at(std::string url) {
  upstream::UpstreamOptions server;
  server.name = upstream::kOwnServerName;
  server.base_url = std::move(url);
  server.client_key = false;
  server.discovered = true;
  return server;
}

std::optional<upstream::UpstreamOptions> own_server_of_running(const config::Environment& environment) {
  const auto running = find_running(environment);
  if (!running || !running->own_server) return std::nullopt;
  const auto url = upstream::parse_base_url(running->own_server->url);
  if (!url.ok() || !url->loopback()) return std::nullopt;
  const auto owner = upstream::listener_owner(url->port);
  if (owner && !upstream::is_trusted_owner(*owner, ::getuid())) return std::nullopt;
  return own_server_at(running->own_server->url);
}

base::Result<upstream::Discovery> look_around(upstream::Options& options,
                                              std::optional<upstream::UpstreamOptions> own) {
  if (own) {
    if (auto named = give_a_name(*own, options); !named.ok()) return named.error();
    options.upstreams.push_back(*own);
  }
  const upstream::Prober prober = upstream::loopback_prober();
  upstream::Discovery discovery = upstream::discover(options, prober);
  if (auto asked = upstream::ask_configured(options, prober, discovery); !asked.ok()) return asked.error();
  if (own) {
    discovery.found.push_back(std::move(options.upstreams.back()));
    options.upstreams.pop_back();
  }
  return discovery;
}

}  // namespace basin::cli
