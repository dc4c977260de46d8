// What a model's chat template gives away about it.
#pragma once

#include <optional>
#include <string_view>

namespace basin::geometry {

// Empty where the template leaves it open.
struct TemplateHints {
  std::optional<bool> tools, thinking;
};

// Looks for the words that templates of models with tools and with thinking have, in Jinja (GGUF, Hugging Face) and in
// Go's language (Ollama); nothing is run. A template that has no such word says no, one with only some of them says
// nothing: better unknown than wrong. An empty template says nothing. At most kTemplateLimit bytes are looked at.
TemplateHints hints_in_template(std::string_view chat_template);

// The longest templates, with tools and thinking and their excuses, have some 20 KB.
inline constexpr std::size_t kTemplateLimit = std::size_t{256} << 10U;

}  // namespace basin::geometry
