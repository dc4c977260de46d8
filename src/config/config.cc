#include "config/config.h"

#include <algorithm>

#include "config/check.h"
#include "config/complaints.h"
#include "config/keys.h"
#include "config/price_file.h"
#include "config/read_keys.h"
#include "config/toml.h"
#include "upstream/base_url.h"
#include "upstream/catalogue.h"
#include "upstream/known_servers.h"

namespace basin::config {
namespace {

// What a server does with it at boot: whatever fails there fails here. Local servers that tiers name need not run, nor
// be written down; discovery brings them at boot.
base::Status builds(upstream::Options options) {
  for (const upstream::LocalServer& server : upstream::local_servers()) {
    const auto is_it = [&](const auto& each) { return each.name == server.name; };
    const auto names_it = [&](const upstream::TierOptions& tier) { return tier.upstream == server.name; };
    if (std::any_of(options.upstreams.begin(), options.upstreams.end(), is_it)) continue;
    if (std::any_of(options.tiers.begin(), options.tiers.end(), names_it))
      options.upstreams.push_back(server.options());
  }
  // These are asked what they speak; that they will say something is all that is known here.
  for (upstream::UpstreamOptions& server : options.upstreams) {
    const auto url = upstream::parse_base_url(server.base_url);
    if (server.dialects.empty() && url && url->loopback()) server.dialects = {core::Dialect::openai_chat};
  }
  const auto catalogue = upstream::Catalogue::build(options);
  return catalogue ? base::ok_status() : base::Status(catalogue.error());
}

}  // namespace

base::Result<Config> parse(std::string_view text, std::string_view file, const Environment& environment) {
  const auto root = parse_toml(text, file);
  if (!root) return root.error();
  Draft draft;
  Complaints complaints(file);
  read_keys(*root, draft, complaints);
  complete(draft, environment, complaints);
  if (!complaints.none()) return complaints.error();
  if (const auto built = builds(draft.config.upstream); !built) {
    return base::fail(base::Code::configuration, at(file, {}) + built.error().message);
  }
  auto prices = load_prices(environment);
  if (!prices) return prices.error();
  draft.config.prices = std::make_shared<const ledger::PriceTable>(std::move(*prices));
  return std::move(draft.config);
}

base::Status check_address(const net::ServeOptions& server) {
  if (!server.token.empty() || upstream::BaseUrl{.host = server.host, .prefix = {}}.loopback())
    return base::ok_status();
  return base::fail(base::Code::configuration,
                    "host \"" + server.host +
                        "\" can be reached from other machines, so a token is needed: set BASIN_TOKEN, or name a "
                        "`token_file` in [server]; or listen on 127.0.0.1");
}

base::Result<Config> load(const std::string& path, const Environment& environment) {
  const bool named = !path.empty() || environment.get("BASIN_CONFIG").has_value();
  const std::string file = path.empty() ? environment.config_file() : path;
  auto text = read_file(file);
  if (!text && named && text.error().code == base::Code::not_found) {
    return base::fail(base::Code::configuration, text.error().message + "; " +
                                                     (path.empty() ? "BASIN_CONFIG names it" : "--config names it") +
                                                     ", `basin init` would write it");
  }
  if (!text && (named || text.error().code != base::Code::not_found)) {
    return base::fail(base::Code::configuration, text.error().message);
  }
  auto config = parse(text ? std::string_view(*text) : std::string_view(), file, environment);
  if (config && text) config->file = file;
  return config;
}

}  // namespace basin::config
