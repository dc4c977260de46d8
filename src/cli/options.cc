#include "cli/options.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/nearest.h"

namespace basin::cli {
namespace {

std::string_view name_with_prefix(std::string_view names, bool wants_long) {
  while (!names.empty()) {
    const std::string_view name = names.substr(0, names.find(','));
    if (name.starts_with("--") == wants_long && name.starts_with("-")) return name;
    names.remove_prefix(std::min(names.size(), name.size() + 1));
  }
  return {};
}

// An empty text is a variable that was not set (`--config "$FILE"`): taking it for "not given" would hide that.
Sink text_sink(std::string& target) {
  return [&target](std::string_view typed) -> std::string {
    if (typed.empty()) return "must not be empty";
    target = typed;
    return {};
  };
}

Sink choice_sink(std::vector<std::string_view> choices, std::function<void(std::string_view)> chosen) {
  return [choices = std::move(choices), chosen = std::move(chosen)](std::string_view typed) -> std::string {
    if (std::find(choices.begin(), choices.end(), typed) == choices.end()) {
      return fmt::format("one of {} is wanted{}", fmt::join(choices, ", "), base::did_you_mean(typed, choices));
    }
    chosen(typed);
    return {};
  };
}

Sink list_sink(std::vector<std::string>& target) {
  return [&target](std::string_view typed) -> std::string {
    target.emplace_back(typed);
    return {};
  };
}

}  // namespace

std::string_view Option::long_name() const { return name_with_prefix(names, true); }
std::string_view Option::short_name() const { return name_with_prefix(names, false); }

Options& Options::add(Option option) {
  options_.push_back(std::move(option));
  return *this;
}

Options& Options::flag(std::string_view names, bool& target, std::string_view help) {
  return add({.kind = Option::Kind::flag,
              .names = names,
              .placeholder = {},
              .help = help,
              .choices = {},
              .sink = [&target](std::string_view) -> std::string {
                target = true;
                return {};
              }});
}

Options& Options::text(std::string_view names, std::string_view placeholder, std::string& target,
                       std::string_view help) {
  return add({.kind = Option::Kind::value,
              .names = names,
              .placeholder = placeholder,
              .help = help,
              .choices = {},
              .sink = text_sink(target)});
}

Options& Options::choice(std::string_view names, std::string_view placeholder, std::vector<std::string_view> choices,
                         std::string_view help, std::function<void(std::string_view)> chosen) {
  Sink sink = choice_sink(choices, std::move(chosen));
  return add({.kind = Option::Kind::value,
              .names = names,
              .placeholder = placeholder,
              .help = help,
              .choices = std::move(choices),
              .sink = std::move(sink)});
}

Options& Options::texts(std::string_view names, std::string_view placeholder, std::vector<std::string>& target,
                        std::string_view help) {
  return add({.kind = Option::Kind::value,
              .names = names,
              .placeholder = placeholder,
              .help = help,
              .choices = {},
              .repeated = true,
              .sink = list_sink(target)});
}

Options& Options::argument(std::string_view placeholder, std::string& target, std::string_view help, bool required) {
  return add({.kind = Option::Kind::argument,
              .names = {},
              .placeholder = placeholder,
              .help = help,
              .choices = {},
              .required = required,
              .sink = text_sink(target)});
}

Options& Options::arguments(std::string_view placeholder, std::vector<std::string>& target, std::string_view help) {
  return add({.kind = Option::Kind::argument,
              .names = {},
              .placeholder = placeholder,
              .help = help,
              .choices = {},
              .repeated = true,
              .sink = list_sink(target)});
}

Options& Options::word(std::string_view placeholder, std::vector<std::string_view> choices, std::string_view help,
                       std::string& target) {
  Sink sink = choice_sink(choices, [&target](std::string_view chosen) { target = chosen; });
  return add({.kind = Option::Kind::argument,
              .names = {},
              .placeholder = placeholder,
              .help = help,
              .choices = std::move(choices),
              .required = true,
              .sink = std::move(sink)});
}

Options& Options::rest(std::string_view placeholder, std::vector<std::string>& target, std::string_view help) {
  return add({.kind = Option::Kind::rest,
              .names = {},
              .placeholder = placeholder,
              .help = help,
              .choices = {},
              .repeated = true,
              .sink = list_sink(target)});
}

std::string Options::range_complaint(double least, double most) {
  return fmt::format("a number from {} to {} is wanted", least, most);
}

}  // namespace basin::cli
