#include "lab/disturb.h"

#include <utility>

#include "lab/bait.h"
#include "lab/politeness.h"
#include "lab/reorder.h"
#include "lab/typed_text.h"

namespace basin::lab {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

std::string with_typos(std::string text) {
  std::size_t seen = 0;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t end = i;
    while (end < text.size() && is_letter(text[end])) ++end;
    if (end - i >= 5 && ++seen % 6 == 1) std::swap(text[i + 2], text[i + 3]);
    i = end + 1;
  }
  return text;
}

std::string in_lower_case(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return text;
}

std::string with_spaces(std::string_view text) {
  std::string spaced = " ";
  for (const char c : text) spaced.append(c == ' ' ? "  " : std::string(1, c));
  return spaced + " ";
}

std::vector<std::string> asks_of(const Example& example, Disturbance disturbance) {
  const std::string& ask = example.prompt.ask;
  switch (disturbance) {
    case Disturbance::lower_case: return {in_lower_case(ask)};
    case Disturbance::spaces: return {with_spaces(ask)};
    case Disturbance::typos: return {with_typos(ask)};
    case Disturbance::politeness: return politely(ask, example.language);
    case Disturbance::bait:
    case Disturbance::reordered_fields: break;
  }
  return {};
}

std::vector<std::string> rows_of(const Example& example, Disturbance disturbance) {
  base::json::Document document;
  if (!document.parse(example.row)) return {};
  if (disturbance == Disturbance::reordered_fields) {
    auto row = row_with_fields_reordered(document.root());
    return row ? std::vector{std::move(*row)} : std::vector<std::string>();
  }
  std::vector<std::string> rows;
  const auto typed = typed_text(document.root());
  if (!typed || disturbance != Disturbance::bait) return {};
  for (const std::string& text : baited(typed->text)) rows.push_back(with_text(example.row, *typed, text));
  return rows;
}

}  // namespace

std::string_view name_of(Disturbance disturbance) {
  switch (disturbance) {
    case Disturbance::lower_case: return "lower_case";
    case Disturbance::spaces: return "spaces";
    case Disturbance::typos: return "typos";
    case Disturbance::politeness: return "politeness";
    case Disturbance::bait: return "bait";
    case Disturbance::reordered_fields: return "reordered_fields";
  }
  return "";
}

std::vector<core::Prompt> disturbed(const Example& example, Disturbance disturbance) {
  std::vector<core::Prompt> prompts;
  for (std::string& ask : asks_of(example, disturbance)) {
    prompts.push_back(example.prompt);
    prompts.back().ask = std::move(ask);
  }
  base::json::Document document;
  for (const std::string& row : rows_of(example, disturbance)) {
    if (!document.parse(row)) continue;
    if (auto prompt = read_prompt(document.root())) prompts.push_back(std::move(*prompt));
  }
  return prompts;
}

}  // namespace basin::lab
