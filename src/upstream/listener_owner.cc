#include "upstream/listener_owner.h"

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
    if (colon == std::string_view::npos || number(columns[kLocal].substr(colon + 1), 16) != port) continue;
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
