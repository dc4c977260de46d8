// What becomes of each field in a translation, as tables: the readers of conversations ask them for every member of
// every object they meet, docs/translation.md is written from them, and a test goes through all rows. A reader cannot
// leave anything out without a row saying so, except what no table knows: new fields are left out and declared by name,
// new kinds of content and tools are refused.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "core/dialect.h"

namespace basin::wire {

enum class Fate : std::uint8_t { carried, dropped, refused };

// Which values of a refused field are refused; others say what is so anyway, and are passed over in silence.
enum class When : std::uint8_t { always, is_true, above_one, above_zero, filled, holds_audio, holds_logprobs };

struct Field {
  std::string_view name;  // a trailing '*' stands for any ending
  Fate to_anthropic = Fate::carried;
  Fate to_chat = Fate::carried;
  std::string_view how;  // how it is said on the other side, or why not: a clause that stands in errors
  When when = When::always;

  // REQUIRES: target is anthropic or openai_chat
  Fate to(core::Dialect target) const { return target == core::Dialect::anthropic ? to_anthropic : to_chat; }
};

// One kind of object, or one list of kinds.
struct Shape {
  std::string_view prefix, suffix;  // a field's full name is prefix + name + suffix: "tools[].strict", "content[image]"
  Fate unknown = Fate::dropped;     // what happens to what has no row
  std::span<const Field> fields;

  // Null where there is no row. Linear; tables are short.
  const Field* find(std::string_view name) const;
  std::string full_name(std::string_view name) const;
};

namespace anthropic_shapes {
extern const Shape kBody, kOutputConfig, kOutputFormat, kThinking, kToolChoice, kSystemKinds, kSystemBlock, kMessage,
    kBlockKinds, kBlock, kToolKinds, kTool;
}
namespace chat_shapes {
extern const Shape kBody, kStreamOptions, kFormatKinds, kJsonSchema, kToolChoiceKinds, kMessage, kCall, kPartKinds,
    kPart, kImage, kFile, kToolKinds, kTool, kFunction, kCustom;
}
namespace responses_shapes {
extern const Shape kBody, kReasoning, kText, kFormatKinds, kFormat, kToolChoiceKinds, kItemKinds, kItem, kPartKinds,
    kPart, kToolKinds, kTool;
}

// All of them, dialect by dialect, in the order in which the page shows them.
struct DialectShapes {
  core::Dialect from;
  std::string_view title;
  std::span<const Shape* const> shapes;
};
std::span<const DialectShapes> translation_table();

// The page's tables, between its introduction and its end.
std::string translation_markdown();

}  // namespace basin::wire
