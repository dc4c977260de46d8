#include "wire/sse.h"

#include <algorithm>

namespace basin::wire {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

void empty_and_shrink(std::string& text) {
  if (text.capacity() > kSseKept) text = std::string();
  text.clear();
}

}  // namespace

bool SseReader::next(std::string_view& bytes) {
  if (finished_) begin_event();
  while (!bytes.empty()) {
    if (skip_newline_) {
      skip_newline_ = false;
      if (bytes.front() == '\n') {
        bytes.remove_prefix(1);
        continue;
      }
    }
    std::size_t end = std::min(bytes.find('\n'), bytes.size());
    end = std::min(bytes.substr(0, end).find('\r'), end);
    const std::string_view piece = bytes.substr(0, end);
    if (end == bytes.size()) {
      line_too_long_ = line_too_long_ || line_.size() + piece.size() > kSseEventLimit;
      if (!line_too_long_) line_.append(piece);
      at_line_start_ = false;
      bytes = {};
      return false;
    }
    skip_newline_ = bytes[end] == '\r';
    bytes.remove_prefix(end + 1);
    at_line_start_ = true;
    if (end_line(piece)) return true;
  }
  return false;
}

// The last piece of a line. True when the line, being empty, ended an event.
bool SseReader::end_line(std::string_view piece) {
  std::string_view line = piece;
  if (line_too_long_ || line_.size() + piece.size() > kSseEventLimit) {
    truncated_ = true;
    line_too_long_ = false;
    ++lines_;
    empty_and_shrink(line_);
    return false;
  }
  if (!line_.empty()) line = line_.append(piece);
  if (first_line_ && line.starts_with(kByteOrderMark)) line.remove_prefix(kByteOrderMark.size());
  first_line_ = false;
  const bool ends_event = line.empty();
  if (!ends_event) field(line);
  empty_and_shrink(line_);
  if (!ends_event) return false;
  lines_ = 0;
  finished_ = has_data_ || truncated_;
  if (!finished_) begin_event();
  return finished_;
}

void SseReader::field(std::string_view line) {
  if (line.front() == ':') return;  // a comment is complete in itself
  ++lines_;
  const std::size_t colon = std::min(line.find(':'), line.size());
  const std::string_view name = line.substr(0, colon);
  std::string_view value = line.substr(std::min(colon + 1, line.size()));
  if (value.starts_with(' ')) value.remove_prefix(1);
  if (name == "event") {
    name_.assign(value);
  } else if (name == "data" && !truncated_) {
    truncated_ = data_.size() + value.size() + 1 > kSseEventLimit;
    if (truncated_) {
      data_.clear();
      return;
    }
    if (has_data_) data_.push_back('\n');
    data_.append(value);
    has_data_ = true;
  }
}

void SseReader::begin_event() {
  name_.clear();
  empty_and_shrink(data_);
  has_data_ = truncated_ = finished_ = false;
}

}  // namespace basin::wire
