// Who is at the other end of a connection from this same machine.
//
// A loopback port is open to every user of a machine. For a Unix socket the kernel tells the peer's uid (SO_PEERCRED);
// for TCP the owner of the socket with the connection's two ends swapped is asked of sock_diag (netlink), which takes
// 50 us. Where that is closed to us, the list in /proc/net/tcp{,6} has it too, but is read for milliseconds on a busy
// machine. So: once per connection, and only where somebody asks.
#pragma once

#include <cstdint>
#include <optional>

namespace basin::net {

// The uid of the process that holds the other end; nothing when the peer is on another machine or is gone already.
std::optional<std::uint32_t> peer_uid(int fd);

}  // namespace basin::net
