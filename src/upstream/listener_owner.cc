#include "upstream/listener_owner.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace basin::upstream {
namespace {

// Columns of /proc/net/tcp: sl local_address rem_address st queues tr tm->when retrnsmt uid ...
constexpr std::size_t kLocal = 1;
constexpr std::size_t kState = 3;
constexpr std::size_t kUid = 7;
constexpr std::string_view kListen = "0A";
constexpr std::uint32_t kFirstPerson = 1000;

// Whether a socket at this address takes connections to 127.0.0.1: that one, any, any of IPv6, and 127.0.0.1 in IPv6's
// clothes. The table prints an address as words in the machine's own byte order.
bool takes_127001(std::string_view address) {
  const std::string loopback = fmt::format("{:08X}", htonl(INADDR_LOOPBACK));
  return address == loopback || address == std::string(8, '0') || address == std::string(32, '0') ||
         address == fmt::format("{:016}{:08X}{}", 0, htonl(0xFFFF), loopback);
}

std::vector<std::string_view> columns_of(std::string_view line) {
  std::vector<std::string_view> columns;
  std::size_t at = 0;
  while (columns.size() <= kUid) {
    at = line.find_first_not_of(" \t", at);
    if (at == std::string_view::npos) break;
    const std::size_t end = std::min(line.find_first_of(" \t", at), line.size());
    columns.push_back(line.substr(at, end - at));
    at = end;
  }
  return columns;
}

std::optional<std::uint32_t> number(std::string_view text, int base) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc() || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return value;
}

}  // namespace

std::optional<std::uint32_t> listener_in(std::string_view proc_net_tcp, std::uint16_t port) {
  while (!proc_net_tcp.empty()) {
    const std::string_view line = proc_net_tcp.substr(0, proc_net_tcp.find('\n'));
    proc_net_tcp.remove_prefix(std::min(line.size() + 1, proc_net_tcp.size()));
    const auto columns = columns_of(line);
    if (columns.size() <= kUid || columns[kState] != kListen) continue;
    const auto colon = columns[kLocal].rfind(':');
    if (colon == std::string_view::npos || !takes_127001(columns[kLocal].substr(0, colon))) continue;
    if (number(columns[kLocal].substr(colon + 1), 16) != port) continue;
    return number(columns[kUid], 10);
  }
  return std::nullopt;
}

std::optional<std::uint32_t> listener_owner(std::uint16_t port) {
  for (const char* path : {"/proc/net/tcp", "/proc/net/tcp6"}) {
    std::ifstream file(path);
    std::ostringstream text;
    text << file.rdbuf();
    if (const auto owner = listener_in(text.str(), port)) return owner;
  }
  return std::nullopt;
}

bool is_trusted_owner(std::uint32_t owner, std::uint32_t us) { return owner == us || owner < kFirstPerson; }

}  // namespace basin::upstream
