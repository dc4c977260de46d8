// What clients tell about their requests: in headers (ClientHints), and in the text they put around a person's words
// (HarnessMarks). The types are neutral; which client says what is a table in wire/client_marks.cc.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/prompt.h"

namespace basin::core {

// Read from headers; every field empty when the client does not say.
struct ClientHints {
  std::optional<RequestClass> cls;
  std::string session;
  std::string branch;      // a sub-agent's id
  std::string turn;        // id of the person's prompt
  bool exploring = false;  // a sub-agent that looks around and changes nothing
  bool compacted = false;  // the first request after a compaction
};

// Text that a program put into a person's message, from `open` up to and with `close`. An empty `close`: to the end of
// the block of text.
struct BlockMark {
  std::string_view open;
  std::string_view close;
};

// A block of text that begins with `prefix` is the client's own request of class `cls`.
struct ClassMark {
  std::string_view prefix;
  RequestClass cls;
};

// The tables of marks; views of static storage.
struct HarnessMarks {
  std::span<const BlockMark> blocks;            // peeled off, wherever a line begins with one
  std::span<const BlockMark> envelopes;         // a person's words stand inside: only the marks are peeled off
  std::span<const ClassMark> last_user;         // how the last user text begins
  std::span<const ClassMark> system;            // how a block of the system prompt begins
  std::span<const std::string_view> sub_agent;  // stands in the first block of a sub-agent's system prompt
  std::span<const std::string_view> exploring;  // how a block of an exploring sub-agent's system prompt begins
};

}  // namespace basin::core
