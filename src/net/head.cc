// Beast's basic_parser does the grammar; this file adds what a gateway must be strict about, and keeps the bytes.
// The only file of the program that includes Beast.
#include "net/head.h"

#define BOOST_ERROR_CODE_HEADER_ONLY
#define BOOST_SYSTEM_NO_LIB
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/status.hpp>

#include <array>
#include <charconv>
#include <cstring>

#include "net/limits.h"

namespace basin::net {

namespace http = boost::beast::http;
using base::Code;
using boost::beast::error_code;
using boost::beast::string_view;

namespace {

std::string_view view(string_view s) { return {s.data(), s.size()}; }

constexpr bool is_control(char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f; }

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

std::string_view trimmed(std::string_view s) {
  while (!s.empty() && (s.front() == ' ' || s.front() == '\t')) s.remove_prefix(1);
  while (!s.empty() && (s.back() == ' ' || s.back() == '\t')) s.remove_suffix(1);
  return s;
}

// Calls visit(token) for each element of a comma-separated list until it returns true; whether it did.
template <class Visit>
bool any_token(std::string_view list, Visit&& visit) {
  while (!list.empty()) {
    std::size_t comma = list.find(',');
    std::string_view token = trimmed(list.substr(0, comma));
    if (!token.empty() && visit(token)) return true;
    if (comma == std::string_view::npos) break;
    list.remove_prefix(comma + 1);
  }
  return false;
}

// Collects a head. Beast asks for body callbacks, too; they are never reached, as only heads are put in.
template <bool is_request>
class HeadParser final : public http::basic_parser<is_request> {
 public:
  using Head = std::conditional_t<is_request, RequestHead, ResponseHead>;
  using Base = http::basic_parser<is_request>;

  HeadParser(std::string_view bytes, Head& head) : bytes_(bytes), head_(head) {
    this->header_limit(static_cast<std::uint32_t>(kHeadBytes));
    this->body_limit(boost::none);
  }

  base::Status parse() {
    error_code ec;
    this->put(boost::asio::const_buffer(bytes_.data(), bytes_.size()), ec);
    if (refusal_) return *refusal_;
    if (ec == http::error::need_more || (!ec && !this->is_header_done()))
      return base::fail(Code::invalid, "the message head is not whole");
    if (ec == http::error::header_limit) return base::fail(Code::too_large, "the message head is too large");
    if (ec == http::error::bad_version)
      return base::fail(Code::unsupported, "only HTTP/1.0 and HTTP/1.1 are spoken here");
    if (ec) return base::fail(Code::invalid, "malformed HTTP: " + ec.message());
    head_.chunked = this->chunked();
    if (auto length = this->content_length()) head_.content_length = *length;
    head_.keep_alive = keeps_alive();
    return base::ok_status();
  }

 private:
  // Beast's own answer is about needing EOF, too, which the body reader knows better.
  bool keeps_alive() const {
    if (head_.minor_version >= 1) return !head_.lists("connection", "close");
    return head_.lists("connection", "keep-alive");
  }

  void refuse(Code code, std::string why, error_code& ec) {
    refusal_ = base::fail(code, std::move(why));
    ec = http::error::bad_field;
  }

  void on_request_impl(http::verb, string_view method, string_view target, int version, error_code&) override {
    if constexpr (is_request) {
      head_.method = view(method);
      head_.target = view(target);
    }
    head_.minor_version = static_cast<std::uint8_t>(version % 10);
  }

  void on_response_impl(int status, string_view reason, int version, error_code& ec) override {
    if constexpr (!is_request) {
      // three digits that name no class of answer
      if (status < 100) return refuse(Code::invalid, "a status under 100", ec);
      head_.status = status;
      head_.reason = view(reason);
    }
    head_.minor_version = static_cast<std::uint8_t>(version % 10);
  }

  void on_field_impl(http::field name, string_view raw_name, string_view value, error_code& ec) override {
    if (head_.fields.size() == kHeadFields)
      return refuse(Code::too_large, "more than " + std::to_string(kHeadFields) + " header fields", ec);
    // A folded value was put together in another buffer. Nobody folds lines any more but to smuggle.
    std::string_view v = view(value);
    if (!v.empty() && (v.data() < bytes_.data() || v.data() >= bytes_.data() + bytes_.size()))
      return refuse(Code::invalid, "folded header lines are not allowed", ec);
    if (name == http::field::transfer_encoding) check_coding(v, ec);
    if (ec) return;
    if constexpr (is_request) {
      if (name == http::field::expect && equal_ignoring_case(v, "100-continue")) head_.expect_continue = true;
    }
    head_.fields.push_back({view(raw_name), v});
  }

  void check_coding(std::string_view value, error_code& ec) {
    if (equal_ignoring_case(value, "chunked")) {
      // An HTTP/1.0 peer does not know chunks; one that sends them is confused or wants to confuse.
      if (head_.minor_version == 0) refuse(Code::invalid, "Transfer-Encoding in an HTTP/1.0 message", ec);
      return;
    }
    refuse(Code::unsupported, "the only transfer coding spoken here is chunked", ec);
  }

  void on_header_impl(error_code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  std::size_t on_body_impl(string_view, error_code&) override { return 0; }
  void on_chunk_header_impl(std::uint64_t, string_view, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, string_view, error_code&) override { return 0; }
  void on_finish_impl(error_code&) override {}

  std::string_view bytes_;
  Head& head_;
  std::optional<base::Error> refusal_;
};

void clear(MessageHead& head) {
  head.fields.clear();
  head.content_length.reset();
  head.chunked = false;
  head.keep_alive = false;
  head.minor_version = 1;
}

// RFC 9110 7.6.1, and the two that old proxies invented.
constexpr std::array<std::string_view, 9> kHopByHop = {
    "connection", "keep-alive",         "proxy-connection",   "te", "trailer", "transfer-encoding",
    "upgrade",    "proxy-authenticate", "proxy-authorization"};

}  // namespace

bool equal_letters(std::string_view a, std::string_view b) {
  for (std::size_t i = 0; i < a.size(); ++i)
    if (lower(a[i]) != lower(b[i])) return false;
  return true;
}

std::optional<std::string_view> MessageHead::find(std::string_view name) const {
  for (const HeadField& field : fields)
    if (equal_ignoring_case(field.name, name)) return field.value;
  return std::nullopt;
}

bool MessageHead::lists(std::string_view name, std::string_view token) const {
  for (const HeadField& field : fields) {
    if (!equal_ignoring_case(field.name, name)) continue;
    if (any_token(field.value, [&](std::string_view t) { return equal_ignoring_case(t, token); })) return true;
  }
  return false;
}

bool MessageHead::is_hop_by_hop(std::string_view name) const {
  for (std::string_view known : kHopByHop)
    if (equal_ignoring_case(name, known)) return true;
  return lists("connection", name);
}

std::size_t head_length(std::string_view bytes, std::size_t looked) {
  std::size_t end = bytes.find("\r\n\r\n", looked > 3 ? looked - 3 : 0);
  return end == std::string_view::npos ? 0 : end + 4;
}

base::Status parse_request_head(std::string_view bytes, RequestHead& out) {
  clear(out);
  out.method = out.target = {};
  out.expect_continue = false;
  return HeadParser<true>(bytes, out).parse();
}

base::Status parse_response_head(std::string_view bytes, ResponseHead& out) {
  clear(out);
  out.status = 0;
  out.reason = {};
  base::Status status = HeadParser<false>(bytes, out).parse();
  if (status.ok()) return status;
  return base::fail(Code::bad_upstream, "the upstream's answer: " + status.error().message);
}

std::string_view reason_of(int status) {
  if (status < 100 || status > 599) return {};
  string_view reason = http::obsolete_reason(static_cast<http::status>(status));
  return view(reason) == "<unknown-status>" ? std::string_view() : view(reason);
}

HeadWriter& HeadWriter::request(std::string_view method, std::string_view target) {
  out_.append(method).append(" ").append(target).append(" HTTP/1.1\r\n");
  return *this;
}

HeadWriter& HeadWriter::response(int status, std::string_view reason) {
  char digits[16];
  auto end = std::to_chars(digits, digits + sizeof digits, status).ptr;
  out_.append("HTTP/1.1 ").append(digits, end).append(" ");
  out_.append(reason.empty() ? reason_of(status) : reason).append("\r\n");
  return *this;
}

HeadWriter& HeadWriter::field(std::string_view name, std::string_view value) {
  out_.append(name).append(": ");
  std::size_t begin = out_.size();
  out_.append(value);
  for (std::size_t i = begin; i < out_.size(); ++i)
    if (is_control(out_[i])) out_[i] = ' ';
  out_.append("\r\n");
  return *this;
}

HeadWriter& HeadWriter::field(std::string_view name, std::uint64_t value) {
  char digits[24];
  auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  return field(name, std::string_view(digits, static_cast<std::size_t>(end - digits)));
}

}  // namespace basin::net
