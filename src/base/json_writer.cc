#include "base/json_writer.h"

#include <array>
#include <cassert>
#include <charconv>
#include <cmath>

#include "base/json.h"

namespace basin::base::json {
namespace {

// Shortest text that reads back as the same number.
template <class Number>
void append_number(std::string& out, Number number) {
  std::array<char, 32> room;  // 24 are enough for a double, 20 for a 64-bit integer
  const auto [end, error] = std::to_chars(room.data(), room.data() + room.size(), number);
  assert(error == std::errc());
  out.append(room.data(), end);
}

}  // namespace

void Writer::comma() {
  if (!first_ && !after_key_) out_.push_back(',');
  first_ = false;
  after_key_ = false;
}

Writer& Writer::open(char opening, char closing) {
  comma();
  out_.push_back(opening);
  closers_.push_back(closing);
  first_ = true;
  return *this;
}

Writer& Writer::end() {
  assert(!closers_.empty() && !after_key_);
  out_.push_back(closers_.back());
  closers_.pop_back();
  first_ = false;
  return *this;
}

Writer& Writer::key(std::string_view name) {
  assert(!closers_.empty() && closers_.back() == '}' && !after_key_);
  comma();
  append_quoted(out_, name);
  out_.push_back(':');
  after_key_ = true;
  return *this;
}

Writer& Writer::value(std::string_view text) {
  comma();
  append_quoted(out_, text);
  return *this;
}

Writer& Writer::value(bool yes) { return raw(yes ? "true" : "false"); }

Writer& Writer::value(double number) {
  if (!std::isfinite(number)) return null();
  comma();
  append_number(out_, number);
  return *this;
}

Writer& Writer::null() { return raw("null"); }

Writer& Writer::raw(std::string_view json) {
  comma();
  out_.append(json);
  return *this;
}

Writer& Writer::signed_value(std::int64_t number) {
  comma();
  append_number(out_, number);
  return *this;
}

Writer& Writer::unsigned_value(std::uint64_t number) {
  comma();
  append_number(out_, number);
  return *this;
}

}  // namespace basin::base::json
