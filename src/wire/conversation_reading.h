// A conversation being read: what the three readers share. It knows the place in the client's body for the error that
// names it, asks the table what becomes of each field, and checks what is carried against what the target takes.
//
// As in reading.h, what can complain gives false then, and the complaint waits in error(). The types of what
// wire::read_request() has checked are not checked again: a reader of conversations runs after it. (For this room.)
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"
#include "core/conversation.h"
#include "wire/translate_request.h"
#include "wire/translation_table.h"

namespace basin::wire {

class ConversationReading {
 public:
  ConversationReading(core::Conversation& conversation, const Target& target)
      : conversation_(conversation), target_(target) {}

  core::Conversation& conversation() { return conversation_; }
  const Target& target() const { return target_; }
  const base::Error& error() const { return error_; }

  // What is read now stands at list[index], inside of what was named at the depths before: at(0, "messages", 3),
  // at(1, "content", 1). REQUIRES: depth < 3, and `list` is a literal
  void at(std::size_t depth, std::string_view list, std::int32_t index);
  // What is read now stands at the body's top.
  void at_top() { depth_ = 0; }

  // Leaves out, declares or refuses every member that the shape's table does not carry. Nulls are not there.
  bool settle(base::json::Value object, const Shape& shape);
  // The same for a thing of this kind; `carried` tells whether to read it.
  bool settle_kind(const Shape& shape, std::string_view kind, bool& carried);
  // Declares that a field was left out: each once.
  void drop(std::string name);
  // Unsupported, at the present place and field. Always false.
  bool refuse(std::string_view field, std::string_view why);

  // The decoded string; nothing happens to `out` where there is none.
  // Errors: invalid for a bad escape.
  bool decode(base::json::Value string, std::string& out);

  // A turn begins. Blocks are added to the last one, or to `blocks` where they are inside of a tool's result.
  void begin_turn(core::Role role) { conversation_.turns.push_back({role, {}}); }
  bool add(core::Block block) { return add(conversation_.turns.back().blocks, std::move(block)); }
  // Errors: unsupported for what the target does not take, or what does not belong into the last turn's role; invalid
  // past core::kPartLimit of all blocks. REQUIRES: a turn has begun
  bool add(std::vector<core::Block>& blocks, core::Block block);
  bool add_text(std::vector<core::Block>& blocks, base::json::Value string);

  // Errors: unsupported where the target takes no tools; invalid past kToolLimit.
  bool add_tool(core::Tool tool);
  // When tools and tool_choice are read: a choice without tools is left out, or refused where it insists.
  bool settle_tool_choice(std::string_view parallel_name);

 private:
  struct Step {
    std::string_view list;
    std::int32_t index = 0;
  };
  bool fail(base::Code code, std::string_view field, std::string_view why);
  bool takes(const core::Block& block);

  core::Conversation& conversation_;
  const Target& target_;
  std::array<Step, 3> steps_;
  std::size_t depth_ = 0;
  std::size_t blocks_ = 0;
  base::Error error_;
};

// Reads list[0], list[1], ... by `one`, until it says false; `reading` knows the place meanwhile. Nothing for what is
// no array. REQUIRES: as ConversationReading::at.
template <class One>
bool each(ConversationReading& reading, std::size_t depth, std::string_view list, base::json::Value value, One&& one) {
  std::int32_t index = 0;
  for (base::json::Elements elements(value); elements.next(); ++index) {
    reading.at(depth, list, index);
    if (!one(elements.value())) return false;
  }
  return true;
}

// The largest set that clients are known to send is a few hundred.
inline constexpr std::size_t kToolLimit = 10'000;
inline constexpr std::size_t kStopLimit = 1'000;  // vendors take four, or a few dozen

// The arguments of a call whose tool takes free text: {"input": text}.
std::string free_text_arguments(std::string_view text);
// The parameters of such a tool.
std::string_view free_text_schema();

// An image's or a file's URL: base64 data in itself, or a link.
// Errors: unsupported for any other kind of URL.
bool read_url(ConversationReading& reading, std::string_view field, std::string url, core::Source& source);

// How much to think; declared as left out where the target cannot be told.
void read_effort(ConversationReading& reading, std::string_view field, std::string effort);

// A list of stop sequences, or one. Errors: invalid past kStopLimit; unsupported where the target takes none of white
// space only.
bool read_stop(ConversationReading& reading, std::string_view field, base::json::Value value);

// One reader per dialect, each fed the root of a body that read_request() has read without complaint.
base::Status read_anthropic_conversation(base::json::Value root, ConversationReading& reading);
base::Status read_chat_conversation(base::json::Value root, ConversationReading& reading);
base::Status read_responses_conversation(base::json::Value root, ConversationReading& reading);

}  // namespace basin::wire
