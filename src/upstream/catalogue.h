// The catalogue: which servers there are, which tiers stand on them, and who serves a model that a client names.
// Built whole from the options, immutable afterwards; a reload or a discovery builds another one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/secret.h"
#include "core/dialect.h"
#include "upstream/base_url.h"
#include "upstream/options.h"

namespace basin::upstream {

struct Server {
  std::string name;
  BaseUrl url;
  std::vector<core::Dialect> dialects;
  std::string vendor;  // whose keys it takes from clients; empty: nobody's
  base::Secret key;    // ours, sent in place of the client's
  bool takes_client_key = false;
  bool allow_subscription = false;
  bool discovered = false;
  bool builtin = false;  // a vendor nobody configured or has a key for: clients with a key of their own may reach it
  std::uint32_t connect_timeout_ms = 0;
  std::uint32_t first_byte_timeout_ms = 0;
  ServerKind kind = ServerKind::other;  // told by its answers; other where it was not asked
  std::vector<ServedModel> models;      // what it said when it was asked
  bool silent = false;                  // it was asked at the last look around, and nobody answered
  std::uint32_t cold_start_timeout_ms = 0;
  std::uint32_t slots = 0;  // requests at once; 0: no limit

  // Whether it takes requests of this dialect as they stand.
  bool speaks(core::Dialect dialect) const;
  // Whether this model was found on it.
  bool lists(std::string_view model) const { return listed(model) != nullptr; }
  // What it said of this model; null where it did not. As long as the Server.
  const ServedModel* listed(std::string_view model) const;
};

// A configured tier, its defaults filled in.
struct Tier {
  std::string name;
  std::size_t server = 0;  // index into servers()
  std::string model;
  core::Effort effort;                       // what is asked for where the client does not say
  std::optional<std::uint32_t> context;      // tokens, as configured
  ServedModel said;                          // by its server, of its model; without a name where it said nothing
  std::optional<std::uint32_t> max_wait_ms;  // as configured: for a slot, or for the model to be loaded
  bool serves_side = true;
  bool serves_chat = true;
  bool serves_agent = true;

  // Whether it takes this kind of work.
  bool serves(Service service) const;
};

// What a tier's model takes in and does; empty where nobody says.
struct Takes {
  std::optional<bool> tools, vision, thinking;
};

// Where the context in force is known from, best first.
enum class ContextFrom : std::uint8_t {
  configuration,
  server,   // the running model's own
  start,    // how the server would start it
  nothing,  // nobody says: the least that such a server has
};

// A local server whose context nobody told us starts with 4,096 tokens (Ollama's default, the smallest in the field); a
// hosted one has at least 128,000 (every model the vendors sell today).
inline constexpr std::uint32_t kLocalContext = 4'096;
inline constexpr std::uint32_t kHostedContext = 128'000;
// Local models under this many billions of parameters do not serve agents unless the configuration says so.
inline constexpr double kAgentBillions = 14;

// Immutable once built; share it between threads.
class Catalogue {
 public:
  // Errors: configuration, naming table and key.
  static base::Result<Catalogue> build(const Options& options);

  const std::vector<Server>& servers() const { return servers_; }
  const std::vector<Tier>& tiers() const { return tiers_; }  // cheapest first

  const Server& server_of(const Tier& tier) const { return servers_[tier.server]; }
  // Index of the tier of that name.
  std::optional<std::size_t> tier_named(std::string_view name) const;
  // Index of the first tier whose model that is.
  std::optional<std::size_t> tier_of_model(std::string_view model) const;
  // Context in force, in tokens: as configured, else as its server says, else the least that such a server has.
  std::uint32_t context_of(const Tier& tier) const;
  ContextFrom context_from(const Tier& tier) const;
  // As its server says; a vendor's own models all have tools and eyes (as of 2026-11).
  Takes takes_of(const Tier& tier) const;
  // How much of a model the tier's is, for odds_over_reference(): what its server said, as far as it said anything.
  const core::ModelShape& shape_of(const Tier& tier) const { return tier.said.shape; }

  // Who serves this model untouched: the tier that has it; a server that lists it (one that speaks the dialect first,
  // for both); the server configured for the dialect's vendor; the largest tier's server; the vendor itself. Null where
  // none does.
  const Server* home_of(core::Dialect dialect, std::string_view model) const;

 private:
  base::Status add_server(const UpstreamOptions& options);
  base::Status add_tier(const TierOptions& options);
  const Server* vendor_server(core::Dialect dialect, bool builtin) const;

  std::vector<Server> servers_;
  std::vector<Tier> tiers_;
};

// The vendor whose dialect this is, and who therefore made the keys that its clients send.
std::string_view vendor_of(core::Dialect dialect);

}  // namespace basin::upstream
