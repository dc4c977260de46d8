// The prompt taken apart: what is asked, what it is asked about, and what a program put there.
//
// Only the ask and the material are measured. Harness text (system prompts, reminders, tool schemas, tool results, IDE
// context) is counted in bytes and never read by the decision: an agent's 6,000-token preamble would drown the ask.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace basin::core {

// What kind of request this is, from the client's hint headers when it sends them, else from the body's shape.
enum class RequestClass : std::uint8_t {
  main,           // a person's turn
  tool_exchange,  // the turn goes on: the last message carries tool results
  sub_agent,      // an agent that an agent started
  compaction,     // the whole history summarised for the client's own use
  side,           // titles, namers, summaries of a tool's use, web page digests: safe small work
  followup,       // suggestions and side questions over the full history: share the main cache
  probe,          // quota probes
};
std::string_view name_of(RequestClass cls);

// A span of decoded text: message and block are indices in the request as the client sent it (a top-level system
// prompt is message -1), start and end are UTF-8 bytes of the decoded text.
struct TextSpan {
  std::int32_t message = 0;
  std::int32_t block = 0;
  std::uint32_t start = 0;
  std::uint32_t end = 0;
};

// A request as a decision sees it.
struct Prompt {
  std::string ask;       // decoded, at most kAskLimit bytes (head and tail kept where longer)
  std::string material;  // decoded sample of the material, at most kMaterialSample bytes (head, middle, tail)
  std::uint64_t material_bytes = 0;  // all of it
  std::vector<TextSpan> ask_spans;

  RequestClass cls = RequestClass::main;
  std::uint32_t turns = 0;          // user turns so far, this one included
  std::string previous_ask;         // the user turn before, for "now do the same for this"; may be empty
  std::uint64_t history_bytes = 0;  // earlier turns of both sides, tool results included
  std::uint64_t harness_bytes = 0;  // system prompt, tool schemas, reminders
  std::uint32_t tool_count = 0;
  bool tool_exchange = false;  // a tool call awaits its answer: never switch here
  bool has_thinking = false;   // the conversation holds thinking bound to its model
  bool exploring = false;      // a sub-agent that looks around and changes nothing: safe small work
  bool compacted = false;      // the client says that this request is the first after a compaction: its old
                               // prefix, and with it any cache, is dead

  std::string session;  // stable for one conversation; empty when the request tells nothing
  std::string branch;   // sub-agent id, or "main"
  std::string turn;     // id of the person's prompt, when the client tells it
};

// 8 KB of ask is more than anybody types; past it the head and the tail tell what is wanted.
inline constexpr std::size_t kAskLimit = 8 * 1024;
// The material is measured by its shape; 32 KB of it tell the shape.
inline constexpr std::size_t kMaterialSample = 32 * 1024;

}  // namespace basin::core
