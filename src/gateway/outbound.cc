#include "gateway/outbound.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "upstream/credentials.h"
#include "wire/translate_request.h"

namespace basin::gateway {
namespace {

using base::Code;
using base::fail;
using net::equal_ignoring_case;

// The vendors' two, those of other vendors' clients, and what a browser keeps for this host's name.
constexpr std::array<std::string_view, 5> kCredentialFields = {"authorization", "x-api-key", "api-key",
                                                               "x-goog-api-key", "cookie"};

bool is_credential_field(std::string_view name) {
  return std::any_of(kCredentialFields.begin(), kCredentialFields.end(),
                     [name](std::string_view known) { return equal_ignoring_case(name, known); });
}

bool has_body(const net::RequestHead& head) { return head.chunked || head.content_length.has_value(); }

}  // namespace

bool is_basin_field(std::string_view name) {
  constexpr std::string_view kPrefix = "x-basin-";
  return name.size() > kPrefix.size() && equal_ignoring_case(name.substr(0, kPrefix.size()), kPrefix);
}

bool Outbound::passes_client_key() const {
  // A client's key was made by the vendor of its dialect; another vendor never sees it.
  return server.takes_client_key && (server.vendor.empty() || server.vendor == upstream::vendor_of(dialect));
}

base::Status Outbound::check_credential() const {
  if (!server.key.empty()) return base::ok_status();
  bool brings_key = false;
  for (const net::HeadField& field : head.fields) {
    const std::string_view credential = credential_in(field);
    if (credential.empty() || access.is_token(field)) continue;
    brings_key = true;
    const bool stays_here = spoken != dialect;  // a login is of no use in another dialect
    if (!passes_client_key() || server.allow_subscription || stays_here || !upstream::is_subscription(credential))
      continue;
    const std::string_view without = server.vendor.empty() ? ", or client_key = false where it needs none" : "";
    return fail(
        Code::unauthorized,
        fmt::format(
            "this is a subscription login, which Basin forwards only when told to: read the warning in "
            "docs/configuration.md and set allow_subscription = true for [[upstream]] \"{}\"{}, or use an API key",
            server.name, without));
  }
  // Whether a server that somebody configured wants a key is for it to say.
  if (!server.builtin || (brings_key && passes_client_key())) return base::ok_status();
  return fail(Code::unauthorized,
              fmt::format("there is no key for {}: set {} where Basin runs, let the client send its own, "
                          "or write tiers for the models you have with `basin init`",
                          server.name, upstream::key_variable(server.vendor)));
}

void Outbound::write_key(net::HeadWriter& writer) const {
  const bool translated = spoken != dialect;
  const std::string_view key = server.key.empty() && translated ? clients_key() : server.key.reveal();
  if (key.empty()) return;
  const upstream::KeyStyle style = upstream::key_style(spoken, server.vendor);
  if (style.api_key_field) writer.field("x-api-key", key);
  if (style.bearer) writer.field("Authorization", fmt::format("Bearer {}", key));
}

// The client's own credential, where it may go there.
std::string_view Outbound::clients_key() const {
  if (!passes_client_key()) return {};
  for (const net::HeadField& field : head.fields) {
    const std::string_view credential = credential_in(field);
    const bool login = spoken != dialect && upstream::is_subscription(credential);
    if (!credential.empty() && !login && !access.is_token(field)) return credential;
  }
  return {};
}

// What a client of the other dialect would send: nothing of the client's own head but its name belongs there.
void Outbound::write_translated(net::HeadWriter& writer, std::uint64_t body_bytes) const {
  writer.request("POST", fmt::format("{}{}", server.url.prefix, wire::target_path(spoken)));
  writer.field("Host", server.url.authority());
  writer.field("Content-Type", "application/json").field("Content-Length", body_bytes);
  writer.field("Accept", "application/json, text/event-stream").field("Accept-Encoding", "identity");
  if (const auto agent = head.find("user-agent")) writer.field("User-Agent", *agent);
  if (const auto version = upstream::version_field(spoken); !version.name.empty())
    writer.field(version.name, version.value);
}

std::string Outbound::write(std::uint64_t body_bytes) const {
  std::string out;
  out.reserve(2048);
  net::HeadWriter writer(out);
  if (spoken != dialect) {
    write_translated(writer, body_bytes);
    write_key(writer);
    writer.end();
    return out;
  }
  writer.request(head.method, fmt::format("{}{}", server.url.prefix, head.target));
  bool host_written = false;
  bool length_written = false;
  for (const net::HeadField& field : head.fields) {
    if (equal_ignoring_case(field.name, "host")) {
      if (!host_written) writer.field(field.name, server.url.authority());
      host_written = true;
    } else if (equal_ignoring_case(field.name, "content-length")) {
      if (!length_written) writer.field(field.name, body_bytes);
      length_written = true;
    } else if (is_credential_field(field.name)) {
      if (server.key.empty() && passes_client_key() && !access.is_token(field)) writer.field(field.name, field.value);
    } else if (decoded && equal_ignoring_case(field.name, "content-encoding")) {
      continue;
    } else if (plain_answer && equal_ignoring_case(field.name, "accept-encoding")) {
      writer.field(field.name, "identity");
    } else if (!head.is_hop_by_hop(field.name) && !is_basin_field(field.name) &&
               !equal_ignoring_case(field.name, "expect")) {
      writer.field(field.name, field.value);
    }
  }
  if (!host_written) writer.field("Host", server.url.authority());
  if (!length_written && has_body(head)) writer.field("Content-Length", body_bytes);
  write_key(writer);
  writer.end();
  return out;
}

}  // namespace basin::gateway
