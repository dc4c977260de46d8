// A request body as a wire reader understood it: where everything is, and nothing decoded that nobody asked for.
//
// A coding agent sends 50 KB to 5 MB of history with each turn, of which the ask is a line. So texts stay as they stand
// in the body (raw JSON string content, possibly with escapes) and are decoded only by who reads them. All views point
// into the body, which must outlive the Request and must not move.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/dialect.h"

namespace basin::core {

// Half-open byte range in the request body.
struct ByteRange {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  bool empty() const { return begin == end; }
};

// The inside of a JSON string. `escaped` says whether raw holds backslash escapes (see base::json::unescape).
struct Text {
  std::string_view raw;
  bool escaped = false;
};

enum class Role : std::uint8_t { system, developer, user, assistant, tool };

enum class PartKind : std::uint8_t {
  text,
  tool_use,     // a call the model made: `name` is the tool; text is empty
  tool_result,  // what the tool said: `text` when it is a plain string or its first text block
  thinking,     // thinking, redacted thinking, encrypted reasoning: bound to the model that made it
  image,
  document,  // documents, files and file ids
  other,     // a block type this reader does not know: carried, never read
};

// One block of a message, as it stands in the body.
struct Part {
  PartKind kind = PartKind::text;
  Text text;
  std::string_view name;    // tool_use: the tool's name, raw
  std::uint32_t begin = 0;  // where the whole part stands in the body
  std::uint32_t bytes = 0;  // length of the whole part in the body
};

// A run of parts by one speaker.
struct Message {
  Role role = Role::user;
  std::uint32_t first_part = 0;  // index into Request::parts
  std::uint32_t part_count = 0;
};

// Why a request must stay with the model the client named (INTERFACE.md, "Not routable").
enum class Bound : std::uint8_t {
  none,
  image,
  document,
  server_tool,
  file_id,
  previous_response_id,
  background,
  many_choices,
  logprobs,
  audio,
};
std::string_view name_of(Bound bound);

// The whole of a body, understood; see the head of this file.
struct Request {
  Dialect dialect = Dialect::anthropic;
  Endpoint endpoint = Endpoint::messages;

  std::string model;      // decoded; empty when the body has none
  ByteRange model_value;  // the JSON string in the body, quotes included; empty when the body has none
  bool stream = false;
  std::optional<std::uint64_t> max_output_tokens;

  // In wire order. The top-level system prompt (or `instructions`) is a system message at the front, and then
  // has_top_system is set: message i of the client's list is messages[i + 1].
  std::vector<Message> messages;
  std::vector<Part> parts;
  bool has_top_system = false;

  std::uint32_t tool_count = 0;
  std::uint32_t tools_bytes = 0;   // length of the tools array in the body
  std::uint32_t system_bytes = 0;  // length of the top-level system prompt in the body

  Text user_id;                    // metadata.user_id (Anthropic), or `user`
  Text prompt_cache_key;           // OpenAI: a thread's name
  Text output_title_hint;          // set when the asked-for output schema is that of a title (side request)
  bool only_server_tools = false;  // every tool runs at the vendor (web search side calls)
  Text effort;                     // output_config.effort, reasoning.effort, reasoning_effort
  Bound bound = Bound::none;       // the first reason found; server_tool only where there is no other

  std::string_view body;
};

// More are refused, whatever the body's size: a list of empty blocks must not become many times its size in memory.
// The largest conversation a vendor takes has 100,000 messages.
inline constexpr std::size_t kMessageLimit = 100'000;
inline constexpr std::size_t kPartLimit = 200'000;
// A model's name goes into an answer's head and into ten thousand records; real ones, paths at most, have 200 bytes.
inline constexpr std::size_t kModelLimit = 512;

}  // namespace basin::core
