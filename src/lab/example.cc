#include "lab/example.h"

#include <algorithm>
#include <cmath>

#include "prompt/ask.h"

namespace basin::lab {
namespace {

using base::json::Elements;
using base::json::Kind;
using base::json::Value;

std::string text_of(Value value) { return value.string().value_or(""); }

// A message's content is a string, or blocks of which the texts count.
std::string content_of(Value content) {
  if (content.is(Kind::string)) return text_of(content);
  std::string joined;
  if (!content.is(Kind::array)) return joined;
  for (Elements blocks(content); blocks.next();) {
    const Value text = blocks.value().member("text");
    if (!text.is(Kind::string)) continue;
    if (!joined.empty()) joined += '\n';
    joined += text_of(text);
  }
  return joined;
}

double between(const double (&levels)[4], double level) {
  const double v = std::clamp(level, 0.0, 3.0);
  const auto i = static_cast<std::size_t>(std::min(std::floor(v), 2.0));
  return levels[i] + (levels[i + 1] - levels[i]) * (v - static_cast<double>(i));
}

void read_labels(Value row, Example& example) {
  example.id = text_of(row.member("id"));
  example.source = text_of(row.member("source"));
  example.family = text_of(row.member("family"));
  example.pair = text_of(row.member("pair"));
  example.group = text_of(row.member("material"));
  const std::string tier = text_of(row.member("tier"));
  if (tier == "small" || tier == "large") {
    example.large = tier == "large";
    example.p_small = row.member("p_small").number().value_or(*example.large ? 0.08 : 0.92);
  }
  example.topology = topology_of(text_of(row.member("topology")));
  if (const auto level = row.member("delta_info").number()) example.new_share = share_of_level(*level);
  if (const auto level = row.member("depth").number(); level && example.large) example.steps = steps_of_level(*level);
}

}  // namespace

std::optional<core::Topology> topology_of(std::string_view name) {
  if (name.starts_with("create")) return core::Topology::create;
  if (name == "qa_closed") return core::Topology::qa_given;
  for (std::size_t i = 0; i < core::kTopologies; ++i) {
    if (core::name_of(static_cast<core::Topology>(i)) == name) return static_cast<core::Topology>(i);
  }
  return std::nullopt;
}

double share_of_level(double level) { return between({0.08, 0.30, 0.65, 0.90}, level); }
double steps_of_level(double level) { return between({1, 2.5, 6, 12}, level); }

base::Result<core::Prompt> read_prompt(Value row, std::size_t* typed_bytes) {
  if (const Value prompt = row.member("prompt"); prompt.is(Kind::string)) {
    const std::string text = text_of(prompt);
    if (typed_bytes) *typed_bytes = text.size();
    return prompt::prompt_of(text);
  }
  const Value messages = row.member("messages");
  if (!messages.is(Kind::array)) return base::fail(base::Code::invalid, "a row needs \"prompt\" or \"messages\"");
  std::string last, previous;
  std::uint32_t turns = 0;
  for (Elements all(messages); all.next();) {
    const Value role = all.value().member("role");
    if (role.raw_string() != "user") continue;
    ++turns;
    previous = std::move(last);
    last = content_of(all.value().member("content"));
  }
  if (turns == 0) return base::fail(base::Code::invalid, "no user message");
  if (typed_bytes) *typed_bytes = last.size();
  core::Prompt prompt = prompt::prompt_of(last);
  prompt.turns = turns;
  if (!previous.empty()) prompt.previous_ask = prompt::prompt_of(previous).ask;
  return prompt;
}

base::Result<Example> read_example(Value row) {
  Example example;
  base::Result<core::Prompt> prompt = read_prompt(row, &example.length);
  if (!prompt) return prompt.error();
  example.prompt = std::move(*prompt);
  read_labels(row, example);
  return example;
}

base::Result<Example> read_example(Value labels, std::string_view text) {
  Example example;
  example.length = text.size();
  example.prompt = prompt::prompt_of(text);
  read_labels(labels, example);
  return example;
}

}  // namespace basin::lab
