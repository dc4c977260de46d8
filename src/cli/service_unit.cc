#include "cli/service_unit.h"

#include <fmt/format.h>

namespace basin::cli {
namespace {

// A word of ExecStart: quoted, with systemd's specifiers and variables taken literally.
std::string word(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '%' || c == '$') out += c;
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

}  // namespace

std::string service_unit(std::string_view program, std::string_view config) {
  const std::string flags = config.empty() ? "" : " --config " + word(config);
  return fmt::format(R"([Unit]
Description=Basin: decides before a prompt is sent whether a small model is enough
After=network.target

[Service]
ExecStart={}{} serve
ExecReload=/bin/kill -HUP $MAINPID
EnvironmentFile=-%E/basin/environment
Restart=on-failure
RestartSec=2
# Answers under way may end; then they are cut.
TimeoutStopSec=40
UMask=0077
NoNewPrivileges=yes
LockPersonality=yes
MemoryDenyWriteExecute=yes
RestrictRealtime=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK
SystemCallArchitectures=native

[Install]
WantedBy=default.target
)",
                     word(program), flags);
}

}  // namespace basin::cli
