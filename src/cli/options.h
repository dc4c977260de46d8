// What a command accepts, as data: parsing, --help, completions and man pages are all made from this list.
//
//   options.flag("--online", online_, "also ask every server")
//       .number("-p,--port", "PORT", port_, "where to listen", 0, 65535)
//       .argument("FILE", files_, "files to read; - is standard input");
#pragma once

#include <charconv>
#include <concepts>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace basin::cli {

// Takes a value as typed; says what is wrong with it, or "".
using Sink = std::function<std::string(std::string_view)>;

struct Option {
  enum class Kind { flag, value, argument, rest };
  Kind kind = Kind::flag;
  std::string_view names;  // "-p,--port"; an argument has a placeholder only
  std::string_view placeholder;
  std::string_view help;
  std::vector<std::string_view> choices;  // empty: anything
  bool repeated = false;
  bool required = false;
  Sink sink;

  std::string_view long_name() const;   // "--port"; "" when it has none
  std::string_view short_name() const;  // "-p"
};

// Names, placeholders and help have static storage; targets outlive the parse.
class Options {
 public:
  Options& flag(std::string_view names, bool& target, std::string_view help);
  Options& text(std::string_view names, std::string_view placeholder, std::string& target, std::string_view help);
  // One word of a few; `chosen` gets it.
  Options& choice(std::string_view names, std::string_view placeholder, std::vector<std::string_view> choices,
                  std::string_view help, std::function<void(std::string_view)> chosen);
  Options& texts(std::string_view names, std::string_view placeholder, std::vector<std::string>& target,
                 std::string_view help);  // may be given several times

  // Any arithmetic type, or an optional of one.
  template <class T>
  Options& number(std::string_view names, std::string_view placeholder, T& target, std::string_view help, double least,
                  double most) {
    return add({.kind = Option::Kind::value,
                .names = names,
                .placeholder = placeholder,
                .help = help,
                .choices = {},
                .sink = number_sink(target, least, most)});
  }

  // Positional: one, or any number.
  Options& argument(std::string_view placeholder, std::string& target, std::string_view help, bool required = false);
  Options& arguments(std::string_view placeholder, std::vector<std::string>& target, std::string_view help);

  // A required argument that is one word of a few.
  Options& word(std::string_view placeholder, std::vector<std::string_view> choices, std::string_view help,
                std::string& target);

  // Everything behind the command's name goes to another program as it stands, flags too.
  Options& rest(std::string_view placeholder, std::vector<std::string>& target, std::string_view help);

  const std::vector<Option>& all() const { return options_; }

 private:
  Options& add(Option option);

  template <class T>
  static Sink number_sink(T& target, double least, double most) {
    return [&target, least, most](std::string_view typed) -> std::string {
      double number = 0;
      const auto end = std::from_chars(typed.data(), typed.data() + typed.size(), number);
      const bool whole = end.ec == std::errc() && end.ptr == typed.data() + typed.size();
      if (!whole || !(number >= least && number <= most)) return range_complaint(least, most);
      return assign(target, number);
    };
  }
  template <class T>
  static std::string assign(std::optional<T>& target, double number) {
    return assign(target.emplace(), number);
  }
  template <std::floating_point T>
  static std::string assign(T& target, double number) {
    target = static_cast<T>(number);
    return {};
  }
  template <std::integral T>
  static std::string assign(T& target, double number) {
    if (number != static_cast<double>(static_cast<std::int64_t>(number))) return "a whole number is wanted";
    target = static_cast<T>(number);
    return {};
  }
  static std::string range_complaint(double least, double most);

  std::vector<Option> options_;
};

}  // namespace basin::cli
