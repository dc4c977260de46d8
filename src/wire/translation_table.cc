#include "wire/translation_table.h"

#include <array>

namespace basin::wire {
namespace {

constexpr std::array kAnthropic = {
    &anthropic_shapes::kBody,      &anthropic_shapes::kMessage,      &anthropic_shapes::kBlockKinds,
    &anthropic_shapes::kBlock,     &anthropic_shapes::kSystemKinds,  &anthropic_shapes::kSystemBlock,
    &anthropic_shapes::kToolKinds, &anthropic_shapes::kTool,         &anthropic_shapes::kToolChoice,
    &anthropic_shapes::kThinking,  &anthropic_shapes::kOutputConfig, &anthropic_shapes::kOutputFormat,
};
constexpr std::array kChat = {
    &chat_shapes::kBody,        &chat_shapes::kMessage,    &chat_shapes::kCall,          &chat_shapes::kPartKinds,
    &chat_shapes::kPart,        &chat_shapes::kImage,      &chat_shapes::kFile,          &chat_shapes::kToolKinds,
    &chat_shapes::kTool,        &chat_shapes::kFunction,   &chat_shapes::kCustom,        &chat_shapes::kToolChoiceKinds,
    &chat_shapes::kFormatKinds, &chat_shapes::kJsonSchema, &chat_shapes::kStreamOptions,
};
constexpr std::array kResponses = {
    &responses_shapes::kBody,        &responses_shapes::kItemKinds,
    &responses_shapes::kItem,        &responses_shapes::kPartKinds,
    &responses_shapes::kPart,        &responses_shapes::kToolKinds,
    &responses_shapes::kTool,        &responses_shapes::kToolChoiceKinds,
    &responses_shapes::kReasoning,   &responses_shapes::kText,
    &responses_shapes::kFormatKinds, &responses_shapes::kFormat,
};
constexpr std::array kTable = {
    DialectShapes{core::Dialect::anthropic, "From Anthropic Messages", kAnthropic},
    DialectShapes{core::Dialect::openai_chat, "From chat completions", kChat},
    DialectShapes{core::Dialect::openai_responses, "From Responses", kResponses},
};

std::string_view word(Fate fate) {
  switch (fate) {
    case Fate::carried: return "carried";
    case Fate::dropped: return "left out";
    case Fate::refused: return "refused";
  }
  return "";
}

std::string_view word(When when) {
  switch (when) {
    case When::always: return "";
    case When::is_true: return " where true";
    case When::above_one: return " above 1";
    case When::above_zero: return " above 0";
    case When::filled: return " unless empty";
    case When::holds_audio: return " with `audio`";
    case When::holds_logprobs: return " with logprobs";
  }
  return "";
}

void append_row(std::string& out, std::string_view name, Fate to_anthropic, Fate to_chat, When when,
                std::string_view how) {
  const auto cell = [&](Fate fate) {
    out += word(fate);
    if (fate == Fate::refused) out += word(when);
  };
  ((out += "| `") += name) += "` | ";
  cell(to_anthropic);
  out += " | ";
  cell(to_chat);
  ((out += " | ") += how) += " |\n";
}

}  // namespace

const Field* Shape::find(std::string_view name) const {
  for (const Field& field : fields) {
    const bool open = field.name.ends_with('*');
    if (open ? name.starts_with(field.name.substr(0, field.name.size() - 1)) : name == field.name) return &field;
  }
  return nullptr;
}

std::string Shape::full_name(std::string_view name) const {
  std::string full(prefix);
  (full += name) += suffix;
  return full;
}

std::span<const DialectShapes> translation_table() { return kTable; }

std::string translation_markdown() {
  std::string out;
  for (const DialectShapes& dialect : kTable) {
    ((out += "\n## ") += dialect.title) +=
        "\n\n| Field | to Anthropic Messages | to chat completions | How, or why not |\n|---|---|---|---|\n";
    for (const Shape* shape : dialect.shapes) {
      for (const Field& field : shape->fields) {
        append_row(out, shape->full_name(field.name), field.to_anthropic, field.to_chat, field.when, field.how);
      }
      append_row(out, shape->full_name("..."), shape->unknown, shape->unknown, When::always, "whatever else");
    }
  }
  return out;
}

}  // namespace basin::wire
