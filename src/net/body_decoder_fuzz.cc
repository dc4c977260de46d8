// Chunks read whole and cut into pieces (how, the first byte says) give the same body and the same end; and what
// Beast's own parser accepts, we read as it does, but for control characters in extensions, which we refuse. (Not the
// other way round: it checks the grammar of extensions and trailers, which we drop.)
#include "net/body_decoder.h"

#include <boost/beast/http/basic_parser.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "net/limits.h"

namespace {

using basin::net::BodyDecoder;
namespace http = boost::beast::http;
using boost::beast::error_code;
using boost::beast::string_view;

struct Outcome {
  std::string body;
  std::size_t consumed = 0;
  bool done = false;
  bool failed = false;
  bool operator==(const Outcome&) const = default;
};

void require(bool holds) {
  if (!holds) std::abort();
}

// Beast lets these stand inside a quoted extension.
bool has_control(std::string_view bytes) {
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const char c = bytes[i];
    if (c == '\r' && (i + 1 == bytes.size() || bytes[i + 1] != '\n')) return true;
    if (c == '\n' && (i == 0 || bytes[i - 1] != '\r')) return true;
    if ((static_cast<unsigned char>(c) < 0x20 && c != '\r' && c != '\n' && c != '\t') || c == 0x7f) return true;
  }
  return false;
}

Outcome ours(std::string_view bytes, std::size_t piece) {
  BodyDecoder decoder = BodyDecoder::chunks();
  Outcome outcome;
  for (std::size_t at = 0; at < bytes.size() && !decoder.done() && !decoder.failed(); at += piece) {
    std::string part(bytes.substr(at, piece));
    const auto decoded = decoder.decode(part.data(), part.size());
    require(decoded.produced <= decoded.consumed && decoded.consumed <= part.size());
    outcome.body.append(part, 0, decoded.produced);
    outcome.consumed += decoded.consumed;
  }
  outcome.done = decoder.done();
  outcome.failed = decoder.failed();
  return outcome;
}

class Judge final : public http::basic_parser<false> {
 public:
  std::string body;

 private:
  void on_request_impl(http::verb, string_view, string_view, int, error_code&) override {}
  void on_response_impl(int, string_view, int, error_code&) override {}
  void on_field_impl(http::field, string_view, string_view, error_code&) override {}
  void on_header_impl(error_code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  std::size_t on_body_impl(string_view, error_code&) override { return 0; }
  void on_chunk_header_impl(std::uint64_t, string_view, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, string_view bytes, error_code&) override {
    body.append(bytes.data(), bytes.size());
    return bytes.size();
  }
  void on_finish_impl(error_code&) override {}
};

Outcome theirs(std::string_view bytes) {
  const std::string head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  const std::string message = head + std::string(bytes);
  Judge judge;
  judge.body_limit(boost::none);
  judge.eager(true);
  error_code ec;
  const std::size_t consumed = judge.put(boost::asio::const_buffer(message.data(), message.size()), ec);
  Outcome outcome{judge.body, consumed - head.size(), judge.is_done(), false};
  return outcome;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data + 1), size - 1);
  const Outcome whole = ours(bytes, bytes.size() + 1);
  require(whole == ours(bytes, data[0] % 13 + 1));
  if (size > basin::net::kChunkLineBytes) return 0;  // our limits are ours
  if (const Outcome judged = theirs(bytes); judged.done)
    require(whole == judged || (whole.failed && has_control(bytes)));
  return 0;
}
