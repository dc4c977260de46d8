// Message heads: parsed into views of the bytes as they came (order, case, duplicates), and written.
//
// Parsing is strict where leniency lets two servers see different requests (smuggling): bare LF, a space before the
// colon, folded lines, Content-Length beside Transfer-Encoding, and lengths that disagree are all refused.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace basin::net {

// One header line, as it came. Values have no surrounding blanks.
struct HeadField {
  std::string_view name;
  std::string_view value;
};

// What requests and responses share. All views point into the bytes given to the parser.
struct MessageHead {
  std::uint8_t minor_version = 1;  // HTTP/1.x
  std::vector<HeadField> fields;   // wire order
  std::optional<std::uint64_t> content_length;
  bool chunked = false;
  bool keep_alive = false;  // as version and Connection say

  // The first field of that name, in any case.
  std::optional<std::string_view> find(std::string_view name) const;
  // Whether a comma-separated field (Connection, TE ...) lists the token, over all its lines, in any case.
  bool lists(std::string_view name, std::string_view token) const;
  // Whether the field belongs to this hop and must not be forwarded: the fixed set of RFC 9110 7.6.1, and whatever
  // Connection names. (Transfer-Encoding among them; Content-Length is not.)
  bool is_hop_by_hop(std::string_view name) const;
};

// A request's first line, and what its fields mean for reading it.
struct RequestHead : MessageHead {
  std::string_view method;
  std::string_view target;  // as sent, query included
  bool expect_continue = false;
  bool has_body() const { return chunked || content_length.value_or(0) > 0; }
};

// A response's first line, and what its fields mean for reading it.
struct ResponseHead : MessageHead {
  int status = 0;
  std::string_view reason;
};

// Length of the head at the front of `bytes`, blank line included; 0 when it is not whole yet. `looked` is how much of
// it a former call has seen.
std::size_t head_length(std::string_view bytes, std::size_t looked = 0);

// Parses one whole head, the blank line included. `out` is overwritten; its vector's memory is reused.
// Errors: invalid (400), too_large (431: more than kHeadFields), unsupported (501: a transfer coding, or an HTTP
// version, that is not ours).
base::Status parse_request_head(std::string_view bytes, RequestHead& out);
// Errors: bad_upstream.
base::Status parse_response_head(std::string_view bytes, ResponseHead& out);

// REQUIRES: a.size() == b.size()
bool equal_letters(std::string_view a, std::string_view b);
// ASCII letters only, as in field names and tokens. Asked hundreds of times for each request; nearly all differ in
// length, which is seen without a call.
inline bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return a.size() == b.size() && equal_letters(a, b);
}
std::string_view reason_of(int status);  // "OK", ...; "" for a status nobody named

// Appends a head to a string: HeadWriter(out).request("POST", "/v1/x").field("Host", h).end();
// A control character inside a value becomes a blank, so no value can begin a new line or make the head unreadable.
class HeadWriter {
 public:
  explicit HeadWriter(std::string& out) : out_(out) {}
  HeadWriter& request(std::string_view method, std::string_view target);
  HeadWriter& response(int status, std::string_view reason = {});  // no reason: the usual one
  HeadWriter& field(std::string_view name, std::string_view value);
  HeadWriter& field(std::string_view name, std::uint64_t value);
  void end() { out_ += "\r\n"; }

 private:
  std::string& out_;
};

}  // namespace basin::net
