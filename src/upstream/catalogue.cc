#include "upstream/catalogue.h"

#include <fmt/format.h>

#include <algorithm>

#include "upstream/known_servers.h"
#include "upstream/model_name.h"

namespace basin::upstream {
namespace {

using base::Code;
using base::fail;
using core::Dialect;

std::string server_names(const std::vector<Server>& servers) {
  std::string names;
  for (const Server& server : servers) names += (names.empty() ? "" : ", ") + server.name;
  return names.empty() ? "none" : names;
}

// A vendor's own host is known by its name, so that people need not say whose keys it takes.
std::string_view vendor_of_host(std::string_view host) {
  if (host == "api.anthropic.com") return "anthropic";
  if (host == "api.openai.com") return "openai";
  return {};
}

// By the size that its name tells, else by that which its server tells.
bool can_be_an_agent(const Tier& tier) {
  if (tier.said.shape.tools == false) return false;
  if (const auto billions = billions_in_name(tier.model)) return *billions >= kAgentBillions;
  const std::uint64_t parameters = tier.said.shape.parameters;
  return parameters == 0 || static_cast<double>(parameters) >= kAgentBillions * 1e9;
}

// A server that tells its slots has one model, or as many for each.
std::uint32_t slots_of(const std::vector<ServedModel>& models) {
  std::uint32_t most = 0;
  for (const ServedModel& model : models) most = std::max(most, model.slots);
  return most;
}

}  // namespace

std::string_view vendor_of(Dialect dialect) { return dialect == Dialect::anthropic ? "anthropic" : "openai"; }

bool Server::speaks(Dialect dialect) const {
  return std::find(dialects.begin(), dialects.end(), dialect) != dialects.end();
}

const ServedModel* Server::listed(std::string_view model) const {
  const auto at = std::find_if(models.begin(), models.end(), [&](const ServedModel& m) { return m.name == model; });
  return at == models.end() ? nullptr : &*at;
}

bool Tier::serves(Service service) const {
  switch (service) {
    case Service::side: return serves_side;
    case Service::chat: return serves_chat;
    case Service::agent: return serves_agent;
  }
  return false;
}

base::Result<Catalogue> Catalogue::build(const Options& options) {
  Catalogue catalogue;
  for (const UpstreamOptions& server : options.upstreams) {
    if (auto added = catalogue.add_server(server); !added.ok()) return added.error();
  }
  // The vendors exist without being configured: a client that brings its own key reaches them through Basin as it would
  // without.
  for (const UpstreamOptions& server : vendor_servers()) {
    const auto same = [&](const Server& s) { return s.name == server.name; };
    if (std::any_of(catalogue.servers_.begin(), catalogue.servers_.end(), same)) continue;
    if (auto added = catalogue.add_server(server); !added.ok()) return added.error();
  }
  for (const TierOptions& tier : options.tiers) {
    if (auto added = catalogue.add_tier(tier); !added.ok()) return added.error();
  }
  return catalogue;
}

base::Status Catalogue::add_server(const UpstreamOptions& options) {
  const std::string where = fmt::format("[[upstream]] \"{}\"", options.name);
  if (options.name.empty()) return fail(Code::configuration, "[[upstream]]: name is missing");
  for (const Server& other : servers_) {
    if (other.name == options.name) return fail(Code::configuration, where + ": there are two of that name");
  }
  auto url = parse_base_url(options.base_url);
  if (!url.ok()) return fail(Code::configuration, where + ": " + url.error().message);
  if (options.dialects.empty()) {
    return fail(Code::configuration,
                where +
                    ": dialects is missing; name what it speaks: anthropic, openai_chat, openai_responses (only a "
                    "server on this machine is asked)");
  }
  Server server;
  server.name = options.name;
  server.url = std::move(*url);
  server.dialects = options.dialects;
  server.vendor = options.vendor.empty() ? std::string(vendor_of_host(server.url.host)) : options.vendor;
  server.key = options.key;
  server.discovered = options.discovered;
  server.builtin = options.builtin && options.key.empty();  // a key for it means that it is meant
  const bool by_hand_and_near = server.url.loopback() && !options.discovered;
  server.takes_client_key = options.client_key.value_or(!server.vendor.empty() || by_hand_and_near);
  server.allow_subscription = options.allow_subscription;
  server.connect_timeout_ms = options.connect_timeout_ms;
  server.first_byte_timeout_ms = options.first_byte_timeout_ms;
  server.kind = options.kind;
  server.cold_start_timeout_ms = options.cold_start_timeout_ms;
  server.slots = options.slots.value_or(slots_of(options.models));
  server.models = options.models;
  server.silent = options.silent;
  servers_.push_back(std::move(server));
  return base::ok_status();
}

base::Status Catalogue::add_tier(const TierOptions& options) {
  const std::string where = fmt::format("[[tier]] \"{}\"", options.name);
  if (options.name.empty()) return fail(Code::configuration, "[[tier]]: name is missing");
  if (options.name == "auto" || options.name == "client" || options.name == "pending") {
    return fail(Code::configuration, where + ": that name has a meaning of its own; choose another");
  }
  if (options.model.empty()) return fail(Code::configuration, where + ": model is missing");
  if (tier_named(options.name)) return fail(Code::configuration, where + ": there are two of that name");
  const auto found =
      std::find_if(servers_.begin(), servers_.end(), [&](const Server& s) { return s.name == options.upstream; });
  if (found == servers_.end()) {
    return fail(Code::configuration, fmt::format("{}: no [[upstream]] is named \"{}\"; there are: {}", where,
                                                 options.upstream, server_names(servers_)));
  }
  Tier tier;
  tier.name = options.name;
  tier.server = static_cast<std::size_t>(found - servers_.begin());
  tier.model = options.model;
  tier.effort = options.effort;
  tier.context = options.context;
  if (const ServedModel* model = found->listed(tier.model)) tier.said = *model;
  tier.max_wait_ms = options.max_wait_ms;
  const auto says = [&](Service s) {
    return std::find(options.serves.begin(), options.serves.end(), s) != options.serves.end();
  };
  if (!options.serves.empty()) {
    tier.serves_side = says(Service::side);
    tier.serves_chat = says(Service::chat);
    tier.serves_agent = says(Service::agent);
  } else {
    tier.serves_agent = !found->url.loopback() || can_be_an_agent(tier);
  }
  tiers_.push_back(std::move(tier));
  return base::ok_status();
}

std::optional<std::size_t> Catalogue::tier_named(std::string_view name) const {
  for (std::size_t i = 0; i < tiers_.size(); ++i) {
    if (tiers_[i].name == name) return i;
  }
  return std::nullopt;
}

std::optional<std::size_t> Catalogue::tier_of_model(std::string_view model) const {
  for (std::size_t i = 0; i < tiers_.size(); ++i) {
    if (tiers_[i].model == model) return i;
  }
  return std::nullopt;
}

std::uint32_t Catalogue::context_of(const Tier& tier) const {
  switch (context_from(tier)) {
    case ContextFrom::configuration: return *tier.context;
    case ContextFrom::server:
    case ContextFrom::start: return tier.said.context;
    case ContextFrom::nothing: break;
  }
  return server_of(tier).url.loopback() ? kLocalContext : kHostedContext;
}

ContextFrom Catalogue::context_from(const Tier& tier) const {
  if (tier.context) return ContextFrom::configuration;
  if (tier.said.context == 0) return ContextFrom::nothing;
  return tier.said.context_guessed ? ContextFrom::start : ContextFrom::server;
}

Takes Catalogue::takes_of(const Tier& tier) const {
  const core::ModelShape& shape = tier.said.shape;
  Takes takes{.tools = shape.tools, .vision = shape.vision, .thinking = shape.thinking};
  if (server_of(tier).vendor.empty() || server_of(tier).url.loopback()) return takes;
  if (!takes.tools) takes.tools = true;
  if (!takes.vision) takes.vision = true;
  return takes;
}

const Server* Catalogue::vendor_server(Dialect dialect, bool builtin) const {
  for (const Server& server : servers_) {
    if (server.builtin == builtin && server.vendor == vendor_of(dialect) && server.speaks(dialect)) return &server;
  }
  return nullptr;
}

const Server* Catalogue::home_of(Dialect dialect, std::string_view model) const {
  if (const auto tier = tier_of_model(model); tier && server_of(tiers_[*tier]).speaks(dialect))
    return &server_of(tiers_[*tier]);
  for (const Server& server : servers_) {
    if (server.speaks(dialect) && server.lists(model)) return &server;
  }
  // Nobody who speaks it has the model; who has it is spoken to in another dialect.
  if (const auto tier = tier_of_model(model)) return &server_of(tiers_[*tier]);
  for (const Server& server : servers_) {
    if (server.lists(model)) return &server;
  }
  if (const Server* server = vendor_server(dialect, false)) return server;
  for (auto tier = tiers_.rbegin(); tier != tiers_.rend(); ++tier) {
    if (server_of(*tier).speaks(dialect)) return &server_of(*tier);
  }
  return vendor_server(dialect, true);
}

}  // namespace basin::upstream
