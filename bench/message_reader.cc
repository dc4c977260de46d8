#include "message_reader.h"

#include <algorithm>
#include <charconv>

namespace basin::bench {
namespace {

constexpr std::string_view kHeadEnd = "\r\n\r\n";
constexpr std::size_t kHeadLimit = 64 * 1024;

bool same_name(std::string_view field, std::string_view lower) {
  return field.size() == lower.size() && std::equal(field.begin(), field.end(), lower.begin(), [](char a, char b) {
           return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b;
         });
}

}  // namespace

std::size_t MessageReader::feed(std::string_view data, std::string* body) {
  std::size_t used = 0;
  while (used < data.size() && state_ != State::done && state_ != State::bad) {
    const std::string_view rest = data.substr(used);
    switch (state_) {
      case State::head: used += feed_head(rest); break;
      case State::counted:
      case State::chunk: {
        const std::size_t count = std::min<std::uint64_t>(left_, rest.size());
        if (body) body->append(rest.substr(0, count));
        left_ -= count;
        used += count;
        if (left_ == 0) state_ = state_ == State::counted ? State::done : State::chunk_end;
        break;
      }
      case State::until_close:
        if (body) body->append(rest);
        used = data.size();
        break;
      default: used += feed_line(rest);
    }
  }
  return used;
}

std::size_t MessageReader::feed_head(std::string_view data) {
  const std::size_t before = head_.size();
  const std::size_t from = before < kHeadEnd.size() - 1 ? 0 : before - (kHeadEnd.size() - 1);
  head_.append(data.substr(0, kHeadLimit));
  const std::size_t end = head_.find(kHeadEnd, from);
  if (end == std::string::npos) {
    if (head_.size() > kHeadLimit) state_ = State::bad;
    return data.size();
  }
  head_.resize(end + kHeadEnd.size());
  const std::size_t used = head_.size() - before;
  begin_body();
  return used;
}

void MessageReader::begin_body() {
  state_ = State::counted;  // so that field() and status() see the head
  if (side_ == Side::answer && status() / 100 == 1) {
    reset();
    return;
  }
  if (field("transfer-encoding") == "chunked") {
    state_ = State::size_line;
    return;
  }
  const std::string_view length = field("content-length");
  if (length.empty()) {
    state_ = side_ == Side::request ? State::done : State::until_close;
    return;
  }
  left_ = 0;
  std::from_chars(length.data(), length.data() + length.size(), left_);
  if (left_ == 0) state_ = State::done;
}

std::size_t MessageReader::feed_line(std::string_view data) {
  const std::size_t end = data.find('\n');
  line_.append(data.substr(0, end == std::string_view::npos ? data.size() : end));
  if (end == std::string_view::npos) return data.size();
  if (!line_.empty() && line_.back() == '\r') line_.pop_back();
  take_line();
  line_.clear();
  return end + 1;
}

void MessageReader::take_line() {
  if (state_ == State::chunk_end) {
    state_ = State::size_line;
  } else if (state_ == State::trailer) {
    if (line_.empty()) state_ = State::done;
  } else {
    left_ = 0;
    const auto parsed = std::from_chars(line_.data(), line_.data() + line_.size(), left_, 16);
    if (parsed.ec != std::errc())
      state_ = State::bad;
    else
      state_ = left_ == 0 ? State::trailer : State::chunk;
  }
}

std::string_view MessageReader::field(std::string_view name) const {
  std::string_view rest = head();
  rest.remove_prefix(std::min(rest.size(), rest.find("\r\n") + 2));
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find("\r\n"), rest.size());
    const std::string_view line = rest.substr(0, end);
    const std::size_t colon = line.find(':');
    if (colon != std::string_view::npos && same_name(line.substr(0, colon), name)) {
      std::string_view value = line.substr(colon + 1);
      value.remove_prefix(std::min(value.find_first_not_of(" \t"), value.size()));
      return value;
    }
    rest.remove_prefix(std::min(end + 2, rest.size()));
  }
  return {};
}

int MessageReader::status() const {
  int code = 0;
  if (head().size() > 12) std::from_chars(head_.data() + 9, head_.data() + 12, code);
  return code;
}

void MessageReader::reset() {
  state_ = State::head;
  head_.clear();
  line_.clear();
  left_ = 0;
}

}  // namespace basin::bench
