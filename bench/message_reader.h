// An HTTP/1.1 message read as it arrives, head first, then its body unframed (Content-Length, chunked, or until close).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace basin::bench {

class MessageReader {
 public:
  // A request without a length has no body; an answer without one ends with the connection.
  enum class Side : std::uint8_t { request, answer };
  explicit MessageReader(Side side) : side_(side) {}

  // Takes bytes, gives back how many it used; body bytes are appended to `body` when there is one. Call again with the
  // rest until it uses nothing or done().
  std::size_t feed(std::string_view data, std::string* body);
  bool has_head() const { return state_ != State::head; }
  bool done() const { return state_ == State::done; }
  bool bad() const { return state_ == State::bad; }
  // Whether the end of the connection is a proper end of the message.
  bool ends_with_connection() const { return state_ == State::until_close; }

  // Start line and fields, as they came; empty until has_head().
  std::string_view head() const { return has_head() ? std::string_view(head_) : std::string_view(); }
  // The first field of that name (lower case), or nothing.
  std::string_view field(std::string_view name) const;
  int status() const;  // of an answer
  // Ready for the next message of the connection.
  void reset();

 private:
  enum class State : std::uint8_t { head, counted, size_line, chunk, chunk_end, trailer, until_close, done, bad };
  std::size_t feed_head(std::string_view data);
  std::size_t feed_line(std::string_view data);
  void begin_body();
  void take_line();

  Side side_;
  State state_ = State::head;
  std::string head_;
  std::string line_;
  std::uint64_t left_ = 0;
};

}  // namespace basin::bench
