// What configuration says of servers and tiers; config/ fills these, upstream/ builds the Catalogue from them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/secret.h"
#include "core/dialect.h"
#include "core/effort.h"
#include "upstream/served_model.h"

namespace basin::upstream {

// A server that models live on: [[upstream]].
struct UpstreamOptions {
  std::string name;
  std::string base_url;                 // http(s)://host[:port][/prefix]; requests go to base_url + the client's path
  std::vector<core::Dialect> dialects;  // what it speaks natively; empty: to be asked, on loopback only
  std::string vendor;                   // "anthropic", "openai", or "" for one that takes no client's key
  std::string key_env;                  // the environment variable that holds its key; "" for none
  base::Secret key;                     // read from key_env; never printed
  // Forward the client's own key. Default: to its own vendor, and to a loopback server that was configured by hand.
  std::optional<bool> client_key;
  bool allow_subscription = false;  // forward a subscription login (OAuth) too, after a plain warning
  std::uint32_t connect_timeout_ms = 10'000;
  std::uint32_t first_byte_timeout_ms = 600'000;  // as long as the slowest client waits (Claude Code: 600 s)
  std::uint32_t cold_start_timeout_ms = 300'000;  // a model that is being loaded is waited for this long
  std::optional<std::uint32_t> slots;  // requests at once, more wait; 0: no limit. Empty: as many as it says it has
  bool builtin = false;                // a vendor that the file does not mention
  bool discovered = false;             // found on loopback, not configured

  // What a server on this machine said when it was asked.
  ServerKind kind = ServerKind::other;
  std::vector<ServedModel> models;
  bool silent = false;  // it was asked, and nobody answered
};

// What a tier may be used for: [[tier]] serves.
enum class Service : std::uint8_t { side, chat, agent };

// A model and where it lives: [[tier]].
struct TierOptions {
  std::string name;
  std::string upstream;
  std::string model;
  core::Effort effort;                       // what is asked for where the client does not say
  std::vector<Service> serves;               // empty: by the model's size
  std::optional<std::uint32_t> context;      // tokens; empty: unknown
  std::optional<std::uint32_t> max_wait_ms;  // for a slot, or for the model to be loaded; empty: the server's limits
};

// All of it.
struct Options {
  std::vector<UpstreamOptions> upstreams;
  std::vector<TierOptions> tiers;  // cheapest first, as written
  bool discover = true;            // look at the usual loopback ports
  std::uint16_t own_port = 0;      // where Basin itself listens, which is no model server; 0: not known yet
};

}  // namespace basin::upstream
