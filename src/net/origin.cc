#include "net/origin.h"

#include <charconv>

#include "net/head.h"

namespace basin::net {

using base::Code;

namespace {

base::Error wrong(std::string_view url, std::string_view why) {
  return base::fail(Code::configuration, "\"" + std::string(url) + "\" " + std::string(why));
}

bool is_host_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
}

bool is_address_char(char c) {  // IPv6, scope names included
  return is_host_char(c) || c == ':' || c == '%';
}

template <class Allowed>
bool all_of(std::string_view text, Allowed allowed) {
  for (char c : text)
    if (!allowed(c)) return false;
  return !text.empty();
}

// Host and port from "host", "host:port" or "[v6]:port".
base::Status parse_authority(std::string_view url, std::string_view text, Origin& origin) {
  std::string_view port;
  if (text.starts_with('[')) {
    std::size_t end = text.find(']');
    if (end == std::string_view::npos) return wrong(url, "has a '[' without ']'");
    origin.host = text.substr(1, end - 1);
    if (!all_of(origin.host, is_address_char)) return wrong(url, "has no valid IPv6 address");
    std::string_view rest = text.substr(end + 1);
    if (!rest.empty() && !rest.starts_with(':')) return wrong(url, "has something between ']' and ':'");
    port = rest.substr(rest.empty() ? 0 : 1);
    if (!rest.empty() && port.empty()) return wrong(url, "has a ':' without a port");
  } else {
    std::size_t colon = text.find(':');
    origin.host = text.substr(0, colon);
    if (!all_of(origin.host, is_host_char)) return wrong(url, "has no valid host name");
    if (colon != std::string_view::npos) {
      port = text.substr(colon + 1);
      if (port.empty()) return wrong(url, "has a ':' without a port");
    }
  }
  if (port.empty()) return base::ok_status();
  unsigned number = 0;
  auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
  if (error != std::errc() || end != port.data() + port.size() || number == 0 || number > 65535)
    return wrong(url, "has no valid port (1 to 65535)");
  origin.port = static_cast<std::uint16_t>(number);
  return base::ok_status();
}

}  // namespace

std::string Origin::authority() const {
  bool v6 = host.find(':') != std::string::npos;
  std::string text = v6 ? "[" + host + "]" : host;
  if (port != (tls ? 443 : 80)) text += ":" + std::to_string(port);
  return text;
}

base::Result<Url> parse_url(std::string_view text) {
  Url url;
  std::size_t scheme_end = text.find("://");
  std::string_view scheme = text.substr(0, scheme_end);
  if (scheme_end == std::string_view::npos) return wrong(text, "has no scheme: write http:// or https:// before it");
  if (equal_ignoring_case(scheme, "https"))
    url.origin.tls = true;
  else if (!equal_ignoring_case(scheme, "http"))
    return wrong(text, "must begin with http:// or https://");
  url.origin.port = url.origin.tls ? 443 : 80;

  std::string_view rest = text.substr(scheme_end + 3);
  for (char c : rest)
    if (static_cast<unsigned char>(c) <= 0x20 || c == 0x7f) return wrong(text, "has a blank or control character");
  if (rest.find('#') != std::string_view::npos) return wrong(text, "has a fragment (#), which is never sent");
  std::size_t path = rest.find_first_of("/?");
  std::string_view authority = rest.substr(0, path);
  if (authority.find('@') != std::string_view::npos)
    return base::fail(Code::configuration, "a URL must not carry a user name or password; use a key setting");
  if (path != std::string_view::npos) url.path = rest.substr(path);
  base::Status status = parse_authority(text, authority, url.origin);
  if (!status.ok()) return status.error();
  return url;
}

bool is_loopback(std::string_view host) {
  if (host == "::1") return true;
  constexpr std::string_view kName = "localhost";
  if (host.ends_with('.')) host.remove_suffix(1);
  if (equal_ignoring_case(host, kName)) return true;
  if (host.size() > kName.size() + 1 && host[host.size() - kName.size() - 1] == '.' &&
      equal_ignoring_case(host.substr(host.size() - kName.size()), kName))
    return true;
  // 127.0.0.0/8 in dotted form only: "127.evil.example" is a name.
  if (!host.starts_with("127.")) return false;
  int dots = 0;
  int digits = 0;
  for (char c : host) {
    if (c == '.') {
      if (digits == 0) return false;
      ++dots;
      digits = 0;
    } else if (c < '0' || c > '9' || ++digits > 3) {
      return false;
    }
  }
  return dots == 3 && digits > 0;
}

}  // namespace basin::net
