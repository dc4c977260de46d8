// The words of a text that are prose: those whose spelling may be looked at.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace basin::geometry {

struct ProseWord {
  static constexpr std::size_t kLeast = 4, kMost = 24;  // characters; what is shorter is half of another word

  std::size_t begin = 0, end = 0;  // bytes of the text
  std::uint32_t hash = 0;          // of the folded characters: hash_of()
  std::uint32_t length = 0;        // characters
  bool capital = false;            // the first letter is one
  bool opens = false;              // nothing but marks stands between it and the beginning of a line or a sentence
  std::array<std::uint32_t, kMost> characters{};  // folded
};

// Goes through a text word by word, in one pass. A word is a run of letters; an apostrophe and a hyphen part words.
// Passed over are: words of another length, shouted and camelCase ones, words that touch a digit or a mark of code
// (snake_case, a.b, f(x), @name, #tag, paths, addresses), what stands between backticks, and scripts without spaces.
class ProseWords {
 public:
  explicit ProseWords(std::string_view text) : text_(text) {}
  // The next word; false at the end of the text.
  bool next(ProseWord& word);

 private:
  // Takes the run of letters at at_; whether it is prose.
  bool take(ProseWord& word);
  bool joined_after() const;
  void pass(std::uint32_t c);

  std::string_view text_;
  std::size_t at_ = 0;
  std::uint32_t before_ = ' ';  // the character before at_
  bool quoted_ = false;         // between backticks
  bool opens_ = true;
};

}  // namespace basin::geometry
