// The only file that sees CLI11, which knows the syntax of flags; the options come from our list, and help is not its
// business. Arguments are kept from it: a prompt is one, must arrive as typed, and CLI11 would read "[1, 2]" as a list.
#include "cli/parse.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <vector>

#include "base/nearest.h"

namespace basin::cli {
namespace {

using base::Code;
using base::fail;

// Thrown through CLI11, and caught below: what a sink said.
struct Complaint {
  std::string message;
};

void give(const Option& option, std::string_view name, const std::string& value) {
  const std::string complaint = option.sink(value);
  if (!complaint.empty())
    throw Complaint{std::string(name) + " " + (value.empty() ? "\"\"" : value) + ": " + complaint};
}

void declare(CLI::App& app, const Option& option) {
  const std::string names(option.names);
  if (option.kind == Option::Kind::flag) {
    app.add_flag_callback(names, [&option] { option.sink({}); })->disable_flag_override();
    return;
  }
  const auto take = [&option](const std::vector<std::string>& values) {
    for (const std::string& value : values) give(option, option.long_name(), value);
  };
  app.add_option_function<std::vector<std::string>>(names, take)
      ->type_name(std::string(option.placeholder))
      ->expected(1)
      ->allow_extra_args(false)  // one value each time, and no list in brackets
      ->multi_option_policy(option.repeated ? CLI::MultiOptionPolicy::TakeAll : CLI::MultiOptionPolicy::TakeLast);
}

// CLI11 has a value too few or one too many; its words are for the programmer. It names flags without their dashes.
std::string mismatch(std::string_view words) {
  const std::string_view name = words.substr(0, words.find_first_of(": "));
  if (name.starts_with("-")) return std::string(name) + " needs a value";
  return (name.size() == 1 ? "-" : "--") + std::string(name) + " takes no value";
}

base::Error unknown_option(std::string_view word, const Options& options) {
  const std::string_view name = word.substr(0, word.find('='));
  std::vector<std::string_view> known = {"--help"};
  for (const Option& option : options.all()) {
    if (!option.long_name().empty()) known.push_back(option.long_name());
  }
  return fail(Code::invalid, "unknown option " + std::string(name) + base::did_you_mean(name, known));
}

// Hands the plain words to the arguments in their order; a repeated one takes all that are left.
base::Status give_arguments(const Options& options, const std::vector<std::string>& words) {
  auto word = words.begin();
  for (const Option& option : options.all()) {
    if (option.kind != Option::Kind::argument) continue;
    if (option.required && word == words.end())
      return fail(Code::invalid, std::string(option.placeholder) + " is missing");
    for (bool first = true; word != words.end() && (first || option.repeated); first = false) {
      give(option, option.placeholder, *word++);
    }
  }
  if (word != words.end()) return fail(Code::invalid, "unexpected argument \"" + *word + "\"");
  return base::ok_status();
}

}  // namespace

base::Status parse(const Options& options, std::span<const std::string> words) {
  const auto dashes = std::find(words.begin(), words.end(), "--");
  CLI::App app;
  app.set_help_flag();
  app.allow_extras();
  app.allow_windows_style_options(false);
  try {
    for (const Option& option : options.all()) {
      if (option.kind == Option::Kind::flag || option.kind == Option::Kind::value) declare(app, option);
    }
    app.parse(std::vector<std::string>(std::make_reverse_iterator(dashes), words.rend()));  // it wants them backwards
    std::vector<std::string> plain = app.remaining();
    const auto unknown = std::find_if(plain.begin(), plain.end(),
                                      [](const std::string& word) { return word.size() > 1 && word.front() == '-'; });
    if (unknown != plain.end()) return unknown_option(*unknown, options);
    if (dashes != words.end()) plain.insert(plain.end(), dashes + 1, words.end());
    return give_arguments(options, plain);
  } catch (const Complaint& complaint) {
    return fail(Code::invalid, complaint.message);
  } catch (const CLI::ArgumentMismatch& error) {
    return fail(Code::invalid, mismatch(error.what()));
  } catch (const CLI::ParseError& error) {
    return fail(Code::invalid, error.what());
  }
}

}  // namespace basin::cli
