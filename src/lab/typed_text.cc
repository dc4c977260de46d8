#include "lab/typed_text.h"

namespace basin::lab {
namespace {

using base::json::Elements;
using base::json::Kind;
using base::json::Value;

Value last_text_of(Value content) {
  if (content.is(Kind::string)) return content;
  Value last;
  for (Elements parts(content); parts.next();) {
    if (const Value text = parts.value().member("text"); text.is(Kind::string)) last = text;
  }
  return last;
}

Value typed_value(Value row) {
  if (const Value prompt = row.member("prompt"); prompt.is(Kind::string)) return prompt;
  Value typed;
  for (Elements messages(row.member("messages")); messages.next();) {
    const Value message = messages.value();
    if (message.member("role").string() != "user") continue;
    if (const Value text = last_text_of(message.member("content")); text.present()) typed = text;
  }
  return typed;
}

}  // namespace

std::optional<TypedText> typed_text(Value row) {
  const Value value = typed_value(row);
  if (!value.present()) return std::nullopt;
  const std::size_t begin = value.offset() - row.offset();
  return TypedText{begin, begin + value.raw().size(), value.string().value_or("")};
}

std::string with_text(std::string_view row, const TypedText& at, std::string_view text) {
  std::string anew(row.substr(0, at.begin));
  base::json::append_quoted(anew, text);
  return anew.append(row.substr(at.end));
}

}  // namespace basin::lab
