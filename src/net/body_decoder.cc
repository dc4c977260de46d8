#include "net/body_decoder.h"

#include <algorithm>
#include <cstring>

#include "net/limits.h"

namespace basin::net {

namespace {

// A chunk larger than this is an attack on somebody's integer arithmetic.
constexpr std::uint64_t kChunkBytes = std::uint64_t{1} << 56;

int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Text of an extension or trailer: anything but control characters.
bool is_text(char c) { return c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f); }

}  // namespace

BodyDecoder BodyDecoder::length(std::uint64_t bytes) {
  BodyDecoder decoder(bytes == 0 ? State::done : State::length);
  decoder.left_ = bytes;
  return decoder;
}

std::optional<std::uint64_t> BodyDecoder::left() const {
  if (state_ == State::length) return left_;
  return std::nullopt;
}

bool BodyDecoder::close() {
  if (state_ == State::endless) state_ = State::done;
  return done();
}

BodyDecoder::Decoded BodyDecoder::decode(char* bytes, std::size_t size) {
  Decoded result;
  while (result.consumed < size && !done() && !failed()) {
    if (state_ != State::length && state_ != State::endless && state_ != State::data) {
      framing(bytes[result.consumed++]);
      continue;
    }
    std::size_t block = size - result.consumed;
    if (state_ != State::endless) block = static_cast<std::size_t>(std::min<std::uint64_t>(block, left_));
    if (result.produced != result.consumed) std::memmove(bytes + result.produced, bytes + result.consumed, block);
    result.consumed += block;
    result.produced += block;
    left_ -= block;
    if (state_ == State::length && left_ == 0) state_ = State::done;
    if (state_ == State::data && left_ == 0) state_ = State::data_cr;
  }
  return result;
}

void BodyDecoder::framing(char c) {
  switch (state_) {
    case State::size: return size_digit(c);
    case State::extension:
      if (++line_bytes_ > kChunkLineBytes)
        state_ = State::failed;
      else if (c == '\r')
        state_ = State::size_lf;
      else if (!is_text(c))
        state_ = State::failed;
      return;
    case State::size_lf:
      if (c != '\n')
        state_ = State::failed;
      else
        state_ = left_ > 0 ? State::data : State::trailer;
      line_bytes_ = 0;
      return;
    case State::data_cr: state_ = c == '\r' ? State::data_lf : State::failed; return;
    case State::data_lf:
      state_ = c == '\n' ? State::size : State::failed;
      digits_seen_ = false;
      left_ = 0;
      return;
    default: return trailer(c);
  }
}

void BodyDecoder::size_digit(char c) {
  if (++line_bytes_ > kChunkLineBytes) {
    state_ = State::failed;
    return;
  }
  if (int digit = hex(c); digit >= 0) {
    left_ = left_ * 16 + static_cast<std::uint64_t>(digit);
    digits_seen_ = true;
    if (left_ > kChunkBytes) state_ = State::failed;
    return;
  }
  if (!digits_seen_)
    state_ = State::failed;
  else if (c == '\r')
    state_ = State::size_lf;
  else if (c == ';' || c == ' ' || c == '\t')
    state_ = State::extension;  // some servers pad the size with blanks
  else
    state_ = State::failed;
}

void BodyDecoder::trailer(char c) {
  if (++line_bytes_ > kTrailerBytes) {
    state_ = State::failed;
    return;
  }
  switch (state_) {
    case State::trailer:  // at the start of a line
      if (c == '\r')
        state_ = State::end_lf;
      else
        state_ = is_text(c) ? State::trailer_line : State::failed;
      return;
    case State::trailer_line:
      if (c == '\r')
        state_ = State::trailer_lf;
      else if (!is_text(c))
        state_ = State::failed;
      return;
    case State::trailer_lf: state_ = c == '\n' ? State::trailer : State::failed; return;
    case State::end_lf: state_ = c == '\n' ? State::done : State::failed; return;
    default: state_ = State::failed;
  }
}

}  // namespace basin::net
