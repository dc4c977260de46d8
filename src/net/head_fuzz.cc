// A head that is accepted can be written again field by field and read back the same, holds nothing that could begin a
// new line, and never frames its body in two ways.
#include "net/head.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "net/limits.h"

namespace {

using namespace basin::net;

void require(bool holds) {
  if (!holds) std::abort();
}

bool one_line(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos;
}

void check(std::string_view bytes, const MessageHead& head) {
  require(head.fields.size() <= kHeadFields);
  require(!(head.chunked && head.content_length));
  for (const HeadField& field : head.fields) {
    require(!field.name.empty() && one_line(field.name) && one_line(field.value));
    require(field.name.data() >= bytes.data() && field.name.data() + field.name.size() <= bytes.data() + bytes.size());
  }
}

void check_request(std::string_view bytes) {
  RequestHead head;
  if (!parse_request_head(bytes, head).ok()) return;
  check(bytes, head);
  require(one_line(head.method) && one_line(head.target));
  std::string written;
  HeadWriter writer(written);
  writer.request(head.method, head.target);
  for (const HeadField& field : head.fields) writer.field(field.name, field.value);
  writer.end();
  require(head_length(written) == written.size());
  RequestHead again;
  // An HTTP/1.0 head is written as 1.1, which may mean another thing, but never a malformed one.
  require(parse_request_head(written, again).ok());
  require(again.method == head.method && again.target == head.target && again.fields.size() == head.fields.size());
  require(again.content_length == head.content_length && again.chunked == head.chunked);
  for (std::size_t i = 0; i < head.fields.size(); ++i) {
    require(again.fields[i].name == head.fields[i].name && again.fields[i].value == head.fields[i].value);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  check_request(bytes);
  ResponseHead response;
  if (parse_response_head(bytes, response).ok()) check(bytes, response);
  const std::size_t whole = head_length(bytes);
  for (std::size_t looked = 0; looked < whole; looked += 7) require(head_length(bytes, looked) == whole);
  if (whole > 0 && whole < size) check_request(std::string_view(bytes).substr(0, whole));
  return 0;
}
