#include "lab/example.h"

#include <algorithm>
#include <cmath>

#include "api/body.h"
#include "prompt/ask.h"

namespace basin::lab {
namespace {

using base::json::Kind;
using base::json::Value;

std::string text_of(Value value) { return value.string().value_or(""); }

double between(const double (&levels)[4], double level) {
  const double v = std::clamp(level, 0.0, 3.0);
  const auto i = static_cast<std::size_t>(std::min(std::floor(v), 2.0));
  return levels[i] + (levels[i + 1] - levels[i]) * (v - static_cast<double>(i));
}

void read_labels(Value row, Example& example) {
  example.id = text_of(row.member("id"));
  example.source = text_of(row.member("source"));
  example.family = text_of(row.member("family"));
  example.language = text_of(row.member("lang"));
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
  if (!api::is_body(row))
    return base::fail(base::Code::invalid, "a row needs \"prompt\", \"messages\", or a request body");
  base::Result<core::Prompt> prompt = api::prompt_of_body(row.raw());
  if (prompt && typed_bytes) *typed_bytes = prompt->ask.size() + prompt->material_bytes;
  return prompt;
}

base::Result<Example> read_example(Value row) {
  Example example;
  base::Result<core::Prompt> prompt = read_prompt(row, &example.length);
  if (!prompt) return prompt.error();
  example.prompt = std::move(*prompt);
  example.row = row.raw();
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
