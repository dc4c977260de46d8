#include "upstream/base_url.h"

#include <fmt/format.h>

#include <charconv>

namespace basin::upstream {
namespace {

using base::Code;
using base::fail;

base::Error wrong(std::string_view url, std::string_view what) {
  return fail(Code::configuration, fmt::format("base_url \"{}\": {}", url, what));
}

bool remove_prefix(std::string_view& text, std::string_view prefix) {
  if (text.substr(0, prefix.size()) != prefix) return false;
  text.remove_prefix(prefix.size());
  return true;
}

bool is_host_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
}

// "host", "host:port", "[::1]:port"; what is left of `authority` afterwards is the port with its colon, or nothing.
base::Status take_host(std::string_view url, std::string_view& authority, std::string& host) {
  if (remove_prefix(authority, "[")) {
    const auto end = authority.find(']');
    if (end == std::string_view::npos || end == 0) return wrong(url, "the [ of an IPv6 address has no ]");
    host = authority.substr(0, end);
    if (host.find_first_not_of("0123456789abcdefABCDEF:.") != std::string::npos)
      return wrong(url, "not an IPv6 address");
    authority.remove_prefix(end + 1);
    return base::ok_status();
  }
  const auto end = authority.find(':');
  host = authority.substr(0, end);
  authority.remove_prefix(host.size());
  if (host.empty()) return wrong(url, "no host");
  for (const char c : host) {
    if (!is_host_char(c)) return wrong(url, "a host has only letters, digits, dots and dashes");
  }
  return base::ok_status();
}

}  // namespace

bool BaseUrl::loopback() const {
  const bool in_127 = host.substr(0, 4) == "127." && host.find_first_not_of("0123456789.") == std::string::npos;
  return in_127 || host == "localhost" || host == "::1";
}

std::string BaseUrl::authority() const {
  const bool bracketed = host.find(':') != std::string::npos;
  std::string text = bracketed ? "[" + host + "]" : host;
  if (port != (tls ? 443 : 80)) text += fmt::format(":{}", port);
  return text;
}

base::Result<BaseUrl> parse_base_url(std::string_view url) {
  BaseUrl parsed;
  std::string_view rest = url;
  if (remove_prefix(rest, "https://"))
    parsed.tls = true;
  else if (!remove_prefix(rest, "http://"))
    return wrong(url, "must begin with http:// or https://");
  if (rest.find_first_of("?#") != std::string_view::npos) return wrong(url, "must have no query and no fragment");

  const auto slash = rest.find('/');
  std::string_view authority = rest.substr(0, slash);
  if (authority.find('@') != std::string_view::npos) return wrong(url, "must hold no credentials; use key_env");
  if (auto host = take_host(url, authority, parsed.host); !host.ok()) return host.error();
  parsed.port = parsed.tls ? 443 : 80;
  if (!authority.empty()) {
    if (!remove_prefix(authority, ":")) return wrong(url, "after the host comes :port or /path");
    const auto [end, error] = std::from_chars(authority.data(), authority.data() + authority.size(), parsed.port);
    if (error != std::errc() || end != authority.data() + authority.size() || parsed.port == 0) {
      return wrong(url, "the port must be a number from 1 to 65535");
    }
  }

  std::string_view path = slash == std::string_view::npos ? std::string_view() : rest.substr(slash);
  while (!path.empty() && path.back() == '/') path.remove_suffix(1);
  if (path.size() >= 3 && path.substr(path.size() - 3) == "/v1") path.remove_suffix(3);
  for (const char c : path) {
    if (static_cast<unsigned char>(c) <= ' ' || c == '\x7f') return wrong(url, "the path must have no blanks");
  }
  parsed.prefix = path;
  return parsed;
}

}  // namespace basin::upstream
