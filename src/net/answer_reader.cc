#include "net/answer_reader.h"

#include <utility>

#include "net/limits.h"

namespace basin::net {

using base::Code;

namespace {

base::Error closed_early(const UpstreamConnection& connection) {
  return base::fail(Code::closed_early,
                    connection.home().origin.authority() + " closed the connection before its answer was whole");
}

}  // namespace

// False: nothing has come, and the buffer is back in the pool.
bool AnswerReader::receive(UpstreamConnection& connection, Moved& moved) {
  if (!buffer_) buffer_ = pool_.take_buffer();
  moved = connection.receive(buffer_.get(), kReadBytes);
  begin_ = end_ = 0;
  if (moved.kind == Moved::Kind::would_block) {
    release_buffer();
    return false;
  }
  end_ = moved.count;
  return true;
}

void AnswerReader::release_buffer() {
  pool_.give_buffer(std::move(buffer_));
  begin_ = end_ = 0;
}

// --------------------------------------------------------------------------------------------------------- head

Wants AnswerReader::refuse(base::Error why) {
  head_status_ = std::move(why);
  return Wants::nothing;
}

// Moves the head out of the buffer, as far as it has come; true when it is whole.
bool AnswerReader::take_head_bytes() {
  std::string_view bytes(buffer_.get() + begin_, end_ - begin_);
  std::size_t before = head_bytes_.size();
  if (std::size_t length = before == 0 ? head_length(bytes) : 0; length > 0) {
    head_bytes_.assign(bytes.substr(0, length));
    begin_ += length;
    return true;
  }
  head_bytes_.append(bytes);
  std::size_t length = head_length(head_bytes_, before);
  begin_ = length == 0 ? end_ : end_ - (head_bytes_.size() - length);
  if (length > 0) head_bytes_.resize(length);
  return length > 0;
}

Wants AnswerReader::read_head(UpstreamConnection& connection) {
  for (;;) {
    if (begin_ == end_) {
      Moved moved;
      if (!receive(connection, moved)) return moved.wants;
      if (moved.kind != Moved::Kind::bytes) return refuse(closed_early(connection));
      answered_ = true;
    }
    bool whole = take_head_bytes();
    if (head_bytes_.size() > kHeadBytes || (!whole && head_bytes_.size() == kHeadBytes))
      return refuse(base::fail(Code::bad_upstream, "the head of the upstream's answer is too large"));
    if (!whole) continue;
    head_status_ = parse_response_head(head_bytes_, head_);
    if (!head_status_.ok() || head_.status / 100 != 1) return Wants::nothing;
    if (head_.status == 101 || ++interim_ > kInterimAnswers)
      return refuse(base::fail(Code::bad_upstream, "the upstream's answer: an unexpected interim status"));
    head_bytes_.clear();
  }
}

// --------------------------------------------------------------------------------------------------------- body

void AnswerReader::begin_body(bool head_request) {
  if (head_request || head_.status == 204 || head_.status == 304) {
    decoder_ = BodyDecoder::nothing();
  } else if (head_.chunked) {
    decoder_ = BodyDecoder::chunks();
  } else if (head_.content_length) {
    decoder_ = BodyDecoder::length(*head_.content_length);
  } else {
    decoder_ = BodyDecoder::until_close();
    head_.keep_alive = false;
  }
  piece_ = BodyPiece{{}, decoder_.done()};
}

// Hands on what the buffer holds; false when that gives neither bytes nor an end.
bool AnswerReader::decode_piece() {
  char* bytes = buffer_.get() + begin_;
  BodyDecoder::Decoded decoded = decoder_.decode(bytes, end_ - begin_);
  begin_ += decoded.consumed;
  if (decoder_.failed()) {
    piece_ = base::fail(Code::bad_upstream, "the upstream's chunked coding is malformed");
    return true;
  }
  piece_ = BodyPiece{{bytes, decoded.produced}, decoder_.done()};
  return decoder_.done() || decoded.produced > 0;
}

Wants AnswerReader::read_body(UpstreamConnection& connection) {
  for (;;) {
    if (begin_ < end_ && decode_piece()) return Wants::nothing;
    Moved moved;
    if (!receive(connection, moved)) return moved.wants;
    if (moved.kind == Moved::Kind::bytes) continue;
    head_.keep_alive = false;
    bool well = moved.kind == Moved::Kind::ended && decoder_.close();
    if (well)
      piece_ = BodyPiece{{}, true};
    else
      piece_ = closed_early(connection);
    return Wants::nothing;
  }
}

}  // namespace basin::net
