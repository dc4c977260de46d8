// AnswerReader: reads one answer from an upstream connection, head and then body. Private to net/.
//
// A piece of the answer lives in a buffer lent by the pool; while there is nothing to hand on, the buffer is back in
// the pool. So a stream that waits for its next event holds none, and 256 of them cost what one does.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "net/body_decoder.h"
#include "net/exchange.h"
#include "net/head.h"
#include "net/socket.h"
#include "net/upstream_connection.h"

namespace basin::net {

// See above.
class AnswerReader {
 public:
  explicit AnswerReader(PoolState& pool) : pool_(pool) {}
  ~AnswerReader() { release_buffer(); }
  AnswerReader(const AnswerReader&) = delete;
  AnswerReader& operator=(const AnswerReader&) = delete;

  // Steps for Socket::until. Wants::nothing: see head_status(), piece().
  Wants read_head(UpstreamConnection& connection);
  Wants read_body(UpstreamConnection& connection);

  const base::Status& head_status() const { return head_status_; }
  const ResponseHead& head() const { return head_; }
  bool answered() const { return answered_; }  // a byte of the answer came

  // After the head; `head_request`: it answers a HEAD request.
  void begin_body(bool head_request);
  bool body_done() const { return decoder_.done(); }
  const base::Result<BodyPiece>& piece() const { return piece_; }
  // The connection is at the end of an answer and may carry another.
  bool left_clean() const { return decoder_.done() && head_.keep_alive && begin_ == end_; }
  bool holds_bytes() const { return begin_ < end_; }

 private:
  bool receive(UpstreamConnection& connection, Moved& moved);
  bool take_head_bytes();
  Wants refuse(base::Error why);
  bool decode_piece();
  void release_buffer();

  PoolState& pool_;
  std::unique_ptr<char[]> buffer_;  // kReadBytes, while it holds something
  std::size_t begin_ = 0;           // what is not handed on yet
  std::size_t end_ = 0;
  std::string head_bytes_;  // what head_ points into
  ResponseHead head_;
  base::Status head_status_ = base::ok_status();
  bool answered_ = false;
  unsigned interim_ = 0;
  BodyDecoder decoder_ = BodyDecoder::nothing();
  base::Result<BodyPiece> piece_ = BodyPiece{};
};

}  // namespace basin::net
