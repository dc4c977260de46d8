#include "gateway/access.h"

#include <algorithm>

namespace basin::gateway {
namespace {

using base::Code;
using base::fail;
using net::equal_ignoring_case;

// "host:port" or "[v6]:port" without the port; empty where it is not of that form.
std::string_view host_of(std::string_view authority) {
  if (!authority.empty() && authority.front() == '[') {
    const auto end = authority.find(']');
    return end == std::string_view::npos ? std::string_view() : authority.substr(1, end - 1);
  }
  return authority.substr(0, authority.find(':'));
}

bool is_loopback_name(std::string_view host) {
  if (equal_ignoring_case(host, "localhost") || host == "::1") return true;
  // 127.0.0.0/8, digits and dots only: "127.evil.example" is a name
  return host.substr(0, 4) == "127." && host.find_first_not_of("0123456789.") == std::string_view::npos;
}

bool is_ours(std::string_view host, const net::ServeOptions& options) {
  if (host.empty()) return false;
  if (is_loopback_name(host) || equal_ignoring_case(host, options.host)) return true;
  return std::any_of(options.allowed_hosts.begin(), options.allowed_hosts.end(),
                     [&](const std::string& name) { return equal_ignoring_case(host, name); });
}

// "http://host:port" is us exactly when its authority is what the request was sent to, or a name we were told is ours.
bool is_our_origin(std::string_view origin, std::string_view authority, const net::ServeOptions& options) {
  const auto scheme = origin.find("://");
  if (scheme == std::string_view::npos) return false;
  const std::string_view from = origin.substr(scheme + 3);
  if (equal_ignoring_case(from, authority)) return true;
  return std::any_of(options.allowed_hosts.begin(), options.allowed_hosts.end(),
                     [&](const std::string& name) { return equal_ignoring_case(host_of(from), name); });
}

}  // namespace

std::string_view credential_in(const net::HeadField& field) {
  if (equal_ignoring_case(field.name, "x-api-key")) return field.value;
  if (!equal_ignoring_case(field.name, "authorization")) return {};
  constexpr std::string_view kScheme = "bearer ";
  if (field.value.size() <= kScheme.size() || !equal_ignoring_case(field.value.substr(0, kScheme.size()), kScheme))
    return {};
  const auto begin = field.value.find_first_not_of(" \t", kScheme.size());
  return begin == std::string_view::npos ? std::string_view() : field.value.substr(begin);
}

bool Access::is_token(const net::HeadField& field) const {
  const std::string_view credential = credential_in(field);
  return !credential.empty() && options.token.matches(credential);
}

base::Status Access::check(const net::RequestHead& head, const Peer& peer) const {
  const auto is_host = [](const net::HeadField& field) { return equal_ignoring_case(field.name, "host"); };
  if (std::count_if(head.fields.begin(), head.fields.end(), is_host) > 1)
    return fail(Code::invalid, "there are two Host fields");
  const auto host = head.find("host");
  if (!host && head.minor_version >= 1) return fail(Code::invalid, "the Host field is missing");
  const std::string_view authority = host.value_or("localhost");
  if (!is_ours(host_of(authority), options)) {
    return fail(Code::forbidden,
                "Host is no name of this Basin; if a proxy stands in front, add the name to server.allowed_hosts");
  }
  if (const auto origin = head.find("origin"); origin && !is_our_origin(*origin, authority, options)) {
    return fail(Code::forbidden,
                "requests from web pages are refused; if the page is yours, add its host to server.allowed_hosts");
  }
  if (const auto site = head.find("sec-fetch-site"); site && *site == "cross-site") {
    return fail(Code::forbidden, "requests from web pages of other sites are refused");
  }
  if (options.token.empty()) {
    if (peer.loopback && peer.same_user) return base::ok_status();
    return fail(Code::unauthorized,
                "this Basin serves the user it runs as; for others its owner has to set a token (BASIN_TOKEN)");
  }
  bool opened = false;  // every field is looked at: no early way out to measure
  for (const net::HeadField& field : head.fields) opened |= is_token(field);
  if (opened) return base::ok_status();
  return fail(Code::unauthorized,
              "this Basin needs its token, as `Authorization: Bearer <token>` or `x-api-key: <token>`");
}

}  // namespace basin::gateway
