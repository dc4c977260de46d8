// Whose server listens on a loopback port. A port is open to every user of a machine, and whoever binds 11434 first is
// "Ollama": prompts must not go to a stranger's process just because it sits where a server usually sits.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace basin::upstream {

// The uid of the socket that takes connections to 127.0.0.1 at this port, from the text of /proc/net/tcp or tcp6; empty
// where none does.
std::optional<std::uint32_t> listener_in(std::string_view proc_net_tcp, std::uint16_t port);

// The same, of this machine.
std::optional<std::uint32_t> listener_owner(std::uint16_t port);

// A server is used on its own only if it belongs to us, to root, or to a service user (uid under 1000 on Debian).
bool is_trusted_owner(std::uint32_t owner, std::uint32_t us);

}  // namespace basin::upstream
