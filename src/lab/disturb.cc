#include "lab/disturb.h"

#include <utility>

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

}  // namespace

std::string_view name_of(Disturbance disturbance) {
  switch (disturbance) {
    case Disturbance::lower_case: return "lower_case";
    case Disturbance::spaces: return "spaces";
    case Disturbance::typos: return "typos";
  }
  return "";
}

std::string disturb(std::string_view ask, Disturbance disturbance) {
  std::string text(ask);
  if (disturbance == Disturbance::typos) return with_typos(std::move(text));
  if (disturbance == Disturbance::lower_case) {
    for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    return text;
  }
  std::string spaced = " ";
  for (const char c : text) spaced.append(c == ' ' ? "  " : std::string(1, c));
  return spaced + " ";
}

}  // namespace basin::lab
