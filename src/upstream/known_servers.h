// The servers Basin knows without being told: the vendors whose clients it fronts, and the usual local ones.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "upstream/options.h"

namespace basin::upstream {

// The vendors' own servers. They exist without being configured, with or without a key of ours: a client's own key goes
// to its own vendor. `key` is empty; config/ reads it from key_env.
std::vector<UpstreamOptions> vendor_servers();

// The word for `vendor` in a configuration.
std::span<const std::string_view> vendor_names();

// Two models of a vendor to start with, a cheap one and a capable one, as of 2026-11. Null for an unknown vendor.
struct StarterModels {
  std::string_view vendor, small, large;
};
const StarterModels* starter_models(std::string_view vendor);

// A server that listens on loopback at its usual port when it runs at all.
struct LocalServer {
  std::string_view name;  // as an upstream
  std::uint16_t port;
  std::string_view raise_context;  // how its user gives it a longer context

  // All of them speak the three dialects, in the versions of 2026. No client's key goes there.
  UpstreamOptions options() const;
};
std::span<const LocalServer> local_servers();

// What a Basin's own model server is called: as a llama-server at its usual port would be, so that a tier that names it
// stays right when the server is started by hand; by the second name where the file gives the first to another.
inline constexpr std::string_view kOwnServerName = "llamacpp";
inline constexpr std::string_view kOwnServerSecondName = "gguf";

// How a server's user gives its models a longer context, as told by its kind, else by its name or its usual port; empty
// where that is not known.
std::string_view how_to_raise_context(ServerKind kind, std::string_view name, std::uint16_t port);

}  // namespace basin::upstream
