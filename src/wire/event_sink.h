// Where a dialect's reader puts what it finds: the one place that makes core::Events, and makes them keep their
// grammar. A reader may say what it likes in any order; what has no place here is left out or closes what is in its
// way.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/event.h"
#include "wire/usage_tap.h"

namespace basin::wire {

// The texts of one answer, all blocks together. A client in the Responses dialect is told the whole answer again at its
// end, so that it is kept; the longest answers (128k tokens) are a megabyte, their thinking as much again.
inline constexpr std::size_t kAnswerLimit = std::size_t{8} << 20U;
// Ids and names of answers, models, calls and tools, which are repeated in thousands of events; longer ones are cut.
inline constexpr std::size_t kIdLimit = 256;

// Blocks of one answer; an agent's longest have some hundreds.
inline constexpr std::size_t kBlocksLimit = 4096;

class EventSink {
 public:
  bool began() const { return began_; }
  bool ended() const { return ended_; }
  // The kind of block that is open.
  std::optional<core::BlockKind> inside() const { return inside_; }

  // The first call counts. facts().usage is what is known of the prompt.
  void begin(std::string_view id, std::string_view model);
  // Closes what is open. REQUIRES: began()
  void open(core::BlockKind kind, std::string_view id = {}, std::string_view name = {});
  // The next piece of the open block; an empty one is none, and so is white space before a call's arguments.
  // REQUIRES: inside()
  void say(std::string_view text);
  // Closes the open block, if there is one; the signature is for thinking.
  void close(std::string_view signature = {});
  // Closes what is open. A stop that contradicts the blocks (calls and end_turn, tool_use and no call) is put right:
  // servers differ, and an agent acts on the word.
  void finish(core::StopReason stop, std::string_view sequence);
  // `kind` is one of wire/vendor_error.h's words where the server itself says that it failed.
  void fail(base::Code code, std::string_view message, std::string_view kind = {});

  // What is told of the answer; usage and stop_reason are the readers' to fill.
  AnswerFacts& facts() { return facts_; }
  const AnswerFacts& facts() const { return facts_; }
  // The events since the last call.
  std::vector<core::Event> take();

 private:
  core::Event& add(core::Event::Kind kind);

  std::vector<core::Event> events_;
  AnswerFacts facts_;
  std::optional<core::BlockKind> inside_;
  std::size_t said_ = 0;  // bytes of all blocks
  std::size_t blocks_ = 0;
  bool block_is_empty_ = true;
  bool began_ = false;
  bool ended_ = false;
  bool has_call_ = false;
  bool has_refusal_ = false;
};

// The text up to kIdLimit, no character split.
std::string_view limited(std::string_view text);

}  // namespace basin::wire
