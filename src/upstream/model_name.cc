#include "upstream/model_name.h"

#include <cctype>
#include <charconv>

namespace basin::upstream {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }

// A number at text[at], moved past; digits with one dot at most.
std::optional<double> number_at(std::string_view text, std::size_t& at) {
  double value = 0;
  const auto [end, error] =
      std::from_chars(text.data() + at, text.data() + text.size(), value, std::chars_format::fixed);
  if (error != std::errc()) return std::nullopt;
  at = static_cast<std::size_t>(end - text.data());
  return value;
}

}  // namespace

std::optional<double> billions_in_name(std::string_view model) {
  for (std::size_t i = 0; i < model.size(); ++i) {
    if (!is_digit(model[i]) || (i > 0 && (is_word(model[i - 1]) || model[i - 1] == '.'))) continue;
    std::size_t at = i;
    auto value = number_at(model, at);
    if (!value) continue;
    if (at + 1 < model.size() && (model[at] == 'x' || model[at] == 'X') && is_digit(model[at + 1])) {
      ++at;
      const auto each = number_at(model, at);
      if (!each) continue;
      *value *= *each;
    }
    const bool billions = at < model.size() && (model[at] == 'b' || model[at] == 'B');
    const bool millions = at < model.size() && (model[at] == 'm' || model[at] == 'M');
    if ((billions || millions) && (at + 1 == model.size() || !is_word(model[at + 1])))
      return billions ? *value : *value / 1000;
    i = at - 1;
  }
  return std::nullopt;
}

std::optional<double> active_billions_in_name(std::string_view model) {
  for (std::size_t i = 0; i + 1 < model.size(); ++i) {
    if ((model[i] != 'a' && model[i] != 'A') || !is_digit(model[i + 1]) || (i > 0 && is_word(model[i - 1]))) continue;
    std::size_t at = i + 1;
    const auto value = number_at(model, at);
    const bool billions = value && at < model.size() && (model[at] == 'b' || model[at] == 'B');
    if (billions && (at + 1 == model.size() || !is_word(model[at + 1]))) return value;
  }
  return std::nullopt;
}

bool reasons_by_name(std::string_view model) {
  if (const auto slash = model.rfind('/'); slash != std::string_view::npos) model.remove_prefix(slash + 1);
  const auto digit = [model](std::size_t at) { return at < model.size() && model[at] >= '0' && model[at] <= '9'; };
  if (model.starts_with("o")) return digit(1);
  constexpr std::string_view kFamily = "gpt-";
  if (!model.starts_with(kFamily) || !digit(kFamily.size())) return false;
  return model[kFamily.size()] >= '5' || digit(kFamily.size() + 1);
}

}  // namespace basin::upstream
