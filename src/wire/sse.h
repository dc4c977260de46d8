// Server-sent events, read from bytes that arrive in any pieces. A read-only tap: what the client gets are the bytes
// themselves, whatever this reader makes of them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace basin::wire {

// Both views are valid until the reader's next call.
struct SseEvent {
  std::string_view name;   // empty where the stream does not name it
  std::string_view data;   // data lines joined by newlines
  bool truncated = false;  // longer than kSseEventLimit: data is empty
};

// Longer events are stepped over. The longest one we want to read is the end of a Responses stream, which repeats the
// whole answer: 128k tokens of it are about half a megabyte, four of them leave room for reasoning and tools.
inline constexpr std::size_t kSseEventLimit = std::size_t{2} << 20U;
// Memory that a stream keeps between events.
inline constexpr std::size_t kSseKept = std::size_t{4} << 10U;

// Lines end in LF, CR or CRLF; a byte order mark at the start, comments and unknown fields are skipped; an event
// without data is none (as the standard has it).
class SseReader {
 public:
  // Reads from the front of bytes up to and with the next event's end; false when they ended before one. The rest of
  // bytes is then for the next call: while (reader.next(bytes)) use(reader.event());
  bool next(std::string_view& bytes);
  SseEvent event() const { return {name_, data_, truncated_}; }

  // Whether every event that has begun has ended, so that another may be sent into the stream here.
  bool between_events() const { return at_line_start_ && lines_ == 0; }

 private:
  bool end_line(std::string_view line);
  void field(std::string_view line);
  void begin_event();

  std::string line_;  // the piece of a line that earlier bytes held
  std::string name_, data_;
  std::size_t lines_ = 0;  // non-empty ones since the last empty one
  bool has_data_ = false;
  bool truncated_ = false;
  bool line_too_long_ = false;
  bool finished_ = false;      // event() was given; the next bytes begin another
  bool first_line_ = true;     // a byte order mark may stand before it
  bool skip_newline_ = false;  // the last byte was CR: an LF now belongs to it
  bool at_line_start_ = true;
};

}  // namespace basin::wire
