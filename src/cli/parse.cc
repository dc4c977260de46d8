// Why not a library: a prompt is an argument here, and must arrive as typed. CLI11 reads "[1, 2]" as a list, and
// keeps "unknown flag" and "a word behind --" apart only inside; with the options already known as data (--help,
// completions and man pages need them so), what is left of parsing is the loop below.
#include "cli/parse.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "base/nearest.h"

namespace basin::cli {
namespace {

using base::Code;
using base::fail;

class Parser {
 public:
  Parser(const Options& options, std::span<const std::string> words) : options_(options.all()), words_(words) {}

  base::Status run() {
    bool only_arguments = false;
    while (at_ < words_.size()) {
      const std::string_view word = words_[at_++];
      if (!only_arguments && word == "--") {
        only_arguments = true;
        continue;
      }
      const bool option = !only_arguments && word.size() > 1 && word.front() == '-';
      const auto taken = !option ? take_argument(word) : word.starts_with("--") ? take_long(word) : take_short(word);
      if (!taken) return taken;
    }
    return nothing_missing();
  }

 private:
  // --name, --name=value, --name value
  base::Status take_long(std::string_view word) {
    const std::size_t equals = word.find('=');
    const std::string_view name = word.substr(0, equals);
    const Option* option = find(name, &Option::long_name);
    if (option == nullptr) return unknown(name);
    if (equals == std::string_view::npos) return take_named(*option, name, std::nullopt);
    return take_named(*option, name, word.substr(equals + 1));
  }

  // -q, -qv, -p80, -p 80
  base::Status take_short(std::string_view word) {
    for (std::size_t i = 1; i < word.size(); ++i) {
      const std::string name = {'-', word[i]};
      const Option* option = find(name, &Option::short_name);
      if (option == nullptr) return unknown(i == 1 ? word : std::string_view(name));
      const std::string_view behind = word.substr(i + 1);
      const bool wants_value = option->kind == Option::Kind::value;
      const auto taken = take_named(*option, name, wants_value && !behind.empty() ? std::optional(behind) : std::nullopt);
      if (!taken || wants_value) return taken;
    }
    return base::ok_status();
  }

  base::Status take_named(const Option& option, std::string_view name, std::optional<std::string_view> value) {
    if (option.kind == Option::Kind::flag) {
      if (value) return fail(Code::invalid, std::string(name) + " takes no value");
      option.sink({});
      return base::ok_status();
    }
    if (!value) {
      if (at_ == words_.size()) return fail(Code::invalid, std::string(name) + " wants a value: " + std::string(option.placeholder));
      value = words_[at_++];
    }
    return give(option, name, *value);
  }

  base::Status take_argument(std::string_view word) {
    while (next_argument_ < options_.size()) {
      const Option& option = options_[next_argument_];
      if (option.kind != Option::Kind::argument) {
        ++next_argument_;
        continue;
      }
      if (!option.repeated) ++next_argument_;
      filled_ = next_argument_ + (option.repeated ? 1 : 0);
      return give(option, option.placeholder, word);
    }
    return fail(Code::invalid, "unexpected argument \"" + std::string(word) + "\"");
  }

  base::Status give(const Option& option, std::string_view name, std::string_view value) const {
    const std::string complaint = option.sink(value);
    if (complaint.empty()) return base::ok_status();
    return fail(Code::invalid, std::string(name) + " " + std::string(value) + ": " + complaint);
  }

  base::Status nothing_missing() const {
    for (std::size_t i = filled_; i < options_.size(); ++i) {
      if (options_[i].required) return fail(Code::invalid, std::string(options_[i].placeholder) + " is missing");
    }
    return base::ok_status();
  }

  const Option* find(std::string_view name, std::string_view (Option::*name_of)() const) const {
    const auto found = std::find_if(options_.begin(), options_.end(),
                                    [&](const Option& option) { return (option.*name_of)() == name; });
    return found == options_.end() ? nullptr : &*found;
  }

  base::Status unknown(std::string_view name) const {
    std::vector<std::string_view> known = {"--help"};
    for (const Option& option : options_) {
      if (!option.long_name().empty()) known.push_back(option.long_name());
    }
    return fail(Code::invalid, "unknown option " + std::string(name) + base::did_you_mean(name, known));
  }

  const std::vector<Option>& options_;
  std::span<const std::string> words_;
  std::size_t at_ = 0;
  std::size_t next_argument_ = 0;  // index into options_ of the argument that takes the next plain word
  std::size_t filled_ = 0;         // arguments before this index have got theirs
};

}  // namespace

base::Status parse(const Options& options, std::span<const std::string> words) { return Parser(options, words).run(); }

}  // namespace basin::cli
