#include "geometry/chat_template.h"

#include <gtest/gtest.h>

namespace basin::geometry {
namespace {

TEST(ChatTemplate, SaysWhatItIsSureOf) {
  // As Qwen 3, Llama 3.2, gpt-oss and Ollama's own have it, cut down.
  const TemplateHints qwen = hints_in_template(
      "{%- if tools %}<tools>{% for tool in tools %}{{ tool | tojson }}{% endfor %}</tools>\n<tool_call>{\"name\": ...}"
      "{% endif %}{%- if enable_thinking is defined and enable_thinking is false %}<think>\n\n</think>{% endif %}");
  EXPECT_EQ(qwen.tools, true);
  EXPECT_EQ(qwen.thinking, true);
  const TemplateHints llama = hints_in_template(
      "{%- if custom_tools is defined %}{% set tools = custom_tools %}{% endif %}Environment: ipython");
  EXPECT_EQ(llama.tools, true);
  EXPECT_EQ(llama.thinking, false);
  const TemplateHints ollama =
      hints_in_template("{{ if .Tools }}# Tools{{ range .ToolCalls }}<tool_call>{{ end }}{{ end }}{{ .Thinking }}");
  EXPECT_EQ(ollama.tools, true);
  EXPECT_EQ(ollama.thinking, true);
}

TEST(ChatTemplate, APlainOneSaysNo) {
  const TemplateHints plain = hints_in_template(
      "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n{% endfor %}");
  EXPECT_EQ(plain.tools, false);
  EXPECT_EQ(plain.thinking, false);
}

TEST(ChatTemplate, TracesSayNothingAndNeitherDoesAnEmptyOne) {
  const TemplateHints traces = hints_in_template("{{ messages }} You are a tool that gives reasons.");
  EXPECT_FALSE(traces.tools);
  EXPECT_FALSE(traces.thinking);
  for (const char* empty : {"", " \n\t"}) {
    EXPECT_FALSE(hints_in_template(empty).tools);
    EXPECT_FALSE(hints_in_template(empty).thinking);
  }
}

TEST(ChatTemplate, LooksAtNoMoreThanItsLimit) {
  const std::string word = "<think>";
  EXPECT_EQ(hints_in_template(std::string(kTemplateLimit - word.size(), 'x') + word).thinking, true);
  EXPECT_EQ(hints_in_template(std::string(kTemplateLimit - word.size() + 1, 'x') + word).thinking, std::nullopt);
}

}  // namespace
}  // namespace basin::geometry
