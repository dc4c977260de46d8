#include "net/peer_uid.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdio>
#include <cstring>
#include <memory>
#include <string>

namespace basin::net {

namespace {

// An address as /proc/net/tcp prints it: 32-bit words in the machine's byte order, in hex, then the port.
std::string proc_name(const sockaddr_storage& address) {
  char text[64];
  if (address.ss_family == AF_INET) {
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(address);
    std::snprintf(text, sizeof text, "%08X:%04X", v4.sin_addr.s_addr, ntohs(v4.sin_port));
    return text;
  }
  const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address);
  std::uint32_t words[4];
  std::memcpy(words, &v6.sin6_addr, sizeof words);
  std::snprintf(text, sizeof text, "%08X%08X%08X%08X:%04X", words[0], words[1], words[2], words[3],
                ntohs(v6.sin6_port));
  return text;
}

// The owner of the socket whose local and remote ends are these.
std::optional<std::uint32_t> owner_in(const char* path, const std::string& local, const std::string& remote) {
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  std::unique_ptr<std::FILE, Close> file(std::fopen(path, "re"));
  if (!file) return std::nullopt;
  char line[512];
  while (std::fgets(line, sizeof line, file.get())) {
    char a[64];
    char b[64];
    unsigned uid = 0;
    // sl local remote st tx:rx tr:when retrnsmt uid
    if (std::sscanf(line, " %*s %63s %63s %*x %*s %*s %*x %u", a, b, &uid) != 3) continue;
    if (local == a && remote == b) return uid;
  }
  return std::nullopt;
}

// The IPv4 address inside ::ffff:a.b.c.d, as which an IPv4 peer's socket is listed.
std::optional<sockaddr_storage> unmapped(const sockaddr_storage& address) {
  const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address);
  if (address.ss_family != AF_INET6 || !IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr)) return std::nullopt;
  sockaddr_storage storage{};
  auto& v4 = reinterpret_cast<sockaddr_in&>(storage);
  v4.sin_family = AF_INET;
  v4.sin_port = v6.sin6_port;
  std::memcpy(&v4.sin_addr, v6.sin6_addr.s6_addr + 12, 4);
  return storage;
}

}  // namespace

std::optional<std::uint32_t> peer_uid(int fd) {
  sockaddr_storage ours{};
  sockaddr_storage theirs{};
  socklen_t ours_size = sizeof ours;
  socklen_t theirs_size = sizeof theirs;
  if (::getsockname(fd, reinterpret_cast<sockaddr*>(&ours), &ours_size) != 0) return std::nullopt;
  if (ours.ss_family == AF_UNIX) {
    ucred peer{};
    socklen_t size = sizeof peer;
    if (::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return std::nullopt;
    return peer.uid;
  }
  if (::getpeername(fd, reinterpret_cast<sockaddr*>(&theirs), &theirs_size) != 0) return std::nullopt;
  auto found =
      owner_in(ours.ss_family == AF_INET ? "/proc/net/tcp" : "/proc/net/tcp6", proc_name(theirs), proc_name(ours));
  auto our_v4 = unmapped(ours);
  auto their_v4 = unmapped(theirs);
  if (!found && our_v4 && their_v4) found = owner_in("/proc/net/tcp", proc_name(*their_v4), proc_name(*our_v4));
  return found;
}

}  // namespace basin::net
