// A request's conversation as every dialect can say it: what a translation reads out of one body and writes into
// another. Where nothing is translated (a server that speaks the client's dialect) nobody makes one of these.
//
// Texts are decoded. What is JSON of somebody else's making (schemas, arguments of calls) stays as it stands in the
// body, so that it reaches the other side byte for byte and the same request is always written the same way: a server's
// prompt cache hangs on it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/request.h"

namespace basin::core {

// A picture or a file, in one of the three ways in which it can be given.
struct Source {
  enum class Kind : std::uint8_t { base64, url, text };
  Kind kind = Kind::base64;
  std::string media_type;  // "image/png"; may be empty for a URL
  std::string data;        // base64 as it came, the URL, or plain text
  std::string name;        // a file's name or title, where there is one
};

// One block of a turn. What only its maker can read (thinking, encrypted reasoning) never becomes one: a translation is
// for another model.
struct Block {
  enum class Kind : std::uint8_t { text, image, document, tool_use, tool_result };
  Kind kind = Kind::text;
  std::string text;           // text
  std::string id;             // tool_use, tool_result: of the call
  std::string name;           // tool_use: of the tool
  std::string_view json;      // tool_use: the arguments as they stand in the body, an object; "" where there are none
  std::string arguments;      // tool_use: the same where the body holds them as a string (then json is empty)
  std::vector<Block> result;  // tool_result: text, images, documents
  bool is_error = false;      // tool_result
  Source source;              // image, document
};

// What one side said. System turns stand where they stood: at the front, or between others.
struct Turn {
  Role role = Role::user;  // system, user, assistant; tool results are blocks of a user's turn
  std::vector<Block> blocks;
};

// A tool that the client runs.
struct Tool {
  std::string name, description;
  std::string_view schema;       // JSON, as it stands in the body; empty: no parameters
  std::optional<bool> strict;    // empty: not said
  bool takes_free_text = false;  // a call's arguments are a text and not JSON; told to a model as {"input": text}
};

enum class ToolChoice : std::uint8_t { automatic, none, any, named };

// What the answer must look like.
struct OutputFormat {
  enum class Kind : std::uint8_t { text, json_object, json_schema };
  Kind kind = Kind::text;
  std::string name;         // json_schema: its name, where the dialect has one
  std::string_view schema;  // json_schema: as it stands in the body
  std::optional<bool> strict;
};

// How tokens are drawn; empty: not said.
struct Sampling {
  std::optional<double> temperature, top_p;
  std::optional<double> presence_penalty, frequency_penalty;
  std::optional<std::uint64_t> top_k;
  std::optional<double> seed;  // any integer; OpenAI takes negative ones
};

// Views point into the body that it was read from.
struct Conversation {
  bool stream = false;
  bool stream_usage =
      false;  // the client asked for the usage at its stream's end (every dialect but chat always has it)
  std::vector<Turn> turns;
  std::vector<Tool> tools;
  std::optional<ToolChoice> tool_choice;  // empty: not said
  std::string tool_choice_name;           // named
  std::optional<bool> parallel_tools;     // empty: not said
  std::optional<std::uint64_t> max_output_tokens;
  Sampling sampling;
  std::vector<std::string> stop;
  std::string effort;                            // "low", "medium", "high", ...; empty: not said
  std::optional<bool> thinking;                  // whether it shall think; empty: not said
  std::optional<std::uint64_t> thinking_tokens;  // how much it may think, where the client counts it
  OutputFormat format;

  // What was left out on the way, because the other side has no place for it: names as the table of translations
  // writes them (docs/translation.md), in order, each once.
  std::vector<std::string> dropped;
};

}  // namespace basin::core
