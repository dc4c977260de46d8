// BodyDecoder: finds the end of a message body in the bytes that arrive, and takes the chunked coding off in place.
//
// In place means that the chunks of one read are pushed together over their size lines, so that what ten small chunks
// carried is handed on as one piece. The state machine looks at framing byte by byte and keeps no text, so a message
// may be cut anywhere; chunk data is moved as blocks. Strict where leniency is a smuggler's tool: every line ends in
// CRLF, sizes are hex digits only, and line lengths and the trailer are limited (limits.h). Trailers are dropped.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

namespace basin::net {

// See above. A small value.
class BodyDecoder {
 public:
  // What ends the body.
  static BodyDecoder nothing() { return BodyDecoder(State::done); }
  static BodyDecoder length(std::uint64_t bytes);
  static BodyDecoder chunks() { return BodyDecoder(State::size); }
  static BodyDecoder until_close() { return BodyDecoder(State::endless); }

  struct Decoded {
    std::size_t consumed = 0;  // bytes of the input used up; the rest, only when done(), belongs to the next message
    std::size_t produced = 0;  // bytes of the body, now at the input's front
  };
  // May be called with any cut of the input. After done() or failed() it consumes nothing.
  Decoded decode(char* bytes, std::size_t size);

  bool done() const { return state_ == State::done; }
  bool failed() const { return state_ == State::failed; }
  // The peer closed. True when that is where the body ends; false: it is cut short.
  bool close();
  // How many bytes are still to come, where a length was told.
  std::optional<std::uint64_t> left() const;

 private:
  enum class State : std::uint8_t {
    length,
    endless,
    size,
    extension,
    size_lf,
    data,
    data_cr,
    data_lf,
    trailer,
    trailer_line,
    trailer_lf,
    end_lf,
    done,
    failed,
  };
  explicit BodyDecoder(State state) : state_(state) {}
  void framing(char c);
  void size_digit(char c);
  void trailer(char c);

  State state_;
  bool digits_seen_ = false;
  std::uint32_t line_bytes_ = 0;
  std::uint64_t left_ = 0;  // of the body, or of the chunk
};

}  // namespace basin::net
