// A prompt is no harder for being polite, but "Hi, could you please" in front of it moves every measure of how an ask
// opens and how long it is. Training on polite versions teaches a sum of words only half of that. So what carries
// manners and nothing else is passed over before an ask is measured: it decides nothing, it is just not looked at.
//
// In front stand greetings, perhaps with a name, and pleas. A greeting counts as one only where a mark, a line's end, a
// plea or a name and a mark follow: "hello world in C" greets nobody. Behind stands a run of words that all belong to
// thanks, one of which is a thank: "a thank you note" ends with another word. What follows a colon or a quotation mark
// is something to be worked on.
#include "core/courtesy.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

#include "base/characters.h"

namespace basin::core {
namespace {

using base::CharKind;
using base::fold;
using base::kind_of;
using base::next_character;

#include "core/courtesy_phrases.inc"

constexpr std::size_t kMostOpenings = 8, kMostClosing = 16;  // words of manners; who writes more has something to say
constexpr std::size_t kMostLetters = 96;                     // bytes of a phrase, folded
constexpr std::size_t kEnd = 1024;                           // bytes looked at of either end of a text

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool is_word(std::uint32_t c) { return kind_of(c) == CharKind::letter || c == '\'' || c == 0x2019 || c == '-'; }

// A word of the text, as bytes of it, and folded.
struct Word {
  std::size_t begin = 0, end = 0;
  std::array<char, kMostLetters> folded{};
  std::size_t size = 0;

  std::string_view text() const { return {folded.data(), size}; }
};

void append_folded(std::uint32_t c, std::array<char, kMostLetters>& out, std::size_t& size) {
  c = c == 0x2019 ? '\'' : fold(c);
  if (size + 4 > out.size()) return;
  if (c < 0x80) {
    out[size++] = static_cast<char>(c);
  } else if (c < 0x800) {
    out[size++] = static_cast<char>(0xc0 | (c >> 6));
    out[size++] = static_cast<char>(0x80 | (c & 63));
  } else if (c < 0x10000) {
    out[size++] = static_cast<char>(0xe0 | (c >> 12));
    out[size++] = static_cast<char>(0x80 | ((c >> 6) & 63));
    out[size++] = static_cast<char>(0x80 | (c & 63));
  }
}

// The word that begins at `at`; none where another character stands there.
std::optional<Word> word_at(std::string_view text, std::size_t at) {
  Word word;
  word.begin = word.end = at;
  while (word.end < text.size()) {
    std::size_t next = word.end;
    const std::uint32_t c = next_character(text, next);
    if (!is_word(c)) break;
    append_folded(c, word.folded, word.size);
    word.end = next;
  }
  if (word.end == at) return std::nullopt;
  return word;
}

template <std::size_t N>
bool holds(const std::array<std::string_view, N>& phrases, std::string_view phrase) {
  return std::find(phrases.begin(), phrases.end(), phrase) != phrases.end();
}

// Length of the mark that `text` begins with and that may stand between manners and what they go with; 0 for none.
std::size_t soft_mark(std::string_view text) {
  if (text.empty()) return 0;
  if (is_blank(text[0]) || std::string_view(",.!:;?-~)").find(text[0]) != std::string_view::npos) return 1;
  for (const std::string_view mark : {"，", "。", "！", "、", "：", "–", "—", "…", "¿", "¡", "،", "।", "؟"})
    if (text.starts_with(mark)) return mark.size();
  return 0;
}

std::size_t after_marks(std::string_view text, std::size_t at) {
  while (const std::size_t mark = soft_mark(text.substr(std::min(at, text.size())))) at += mark;
  return at;
}

std::size_t after_blanks(std::string_view text, std::size_t at) {
  while (at < text.size() && is_blank(text[at])) ++at;
  return at;
}

// Where the longest phrase that begins at `at` ends, of those that `is` knows; `at` for none.
template <class Is>
std::size_t after_phrase(std::string_view text, std::size_t at, Is&& is) {
  std::array<char, kMostLetters> phrase{};
  std::size_t size = 0, end = at, best = at;
  for (int words = 0; words < 6; ++words) {
    const auto word = word_at(text, end);
    if (!word || size + 1 + word->size > phrase.size()) break;
    if (size > 0) phrase[size++] = ' ';
    std::copy_n(word->folded.begin(), word->size, phrase.begin() + static_cast<std::ptrdiff_t>(size));
    size += word->size;
    end = word->end;
    if (is(std::string_view(phrase.data(), size))) best = end;
    end = after_blanks(text, end);
  }
  return best;
}

// Where a name and the mark behind it end: "Claude," of "Hi Claude, ..."; `at` where there are none.
std::size_t after_name(std::string_view text, std::size_t at) {
  std::size_t end = after_blanks(text, at);
  for (int words = 0; words < 2; ++words) {
    const auto word = word_at(text, end);
    if (!word) return at;
    end = word->end;
    if (end < text.size() && (text[end] == ',' || text[end] == '!' || text[end] == '\n')) return end;
    end = after_blanks(text, end);
  }
  return at;
}

// Where a plea that begins at `at` ends; `at` for none.
std::size_t after_plea(std::string_view text, std::size_t at) {
  const std::size_t end = after_phrase(text, at, [](std::string_view phrase) { return holds(kPleas, phrase); });
  if (end > at) return end;
  const auto signs = std::find_if(kOpenSigns.begin(), kOpenSigns.end(),
                                  [&](std::string_view s) { return text.substr(at).starts_with(s); });
  return signs == kOpenSigns.end() ? at : at + signs->size();
}

// Where a greeting that begins at `at` ends, its name with it; `at` for none.
std::size_t after_greeting(std::string_view text, std::size_t at) {
  const std::size_t end = after_phrase(text, at, [](std::string_view phrase) { return holds(kGreetings, phrase); });
  if (end == at) return at;
  if (const std::size_t named = after_name(text, end); named > end) return named;
  const bool marked = end < text.size() && text[end] != ' ' && soft_mark(text.substr(end)) > 0;
  const std::size_t next = after_blanks(text, end);
  return marked || after_plea(text, next) > next ? end : at;
}

// Where what is asked begins.
std::size_t opening_of(std::string_view text) {
  std::size_t at = 0;
  for (std::size_t phrases = 0; phrases < kMostOpenings; ++phrases) {
    const std::size_t begin = after_marks(text, at);
    std::size_t end = after_plea(text, begin);
    if (end == begin) end = after_greeting(text, begin);
    if (end == begin) break;
    at = after_marks(text, end);
  }
  return at;
}

// The word that ends before `end`, blanks and soft marks passed over.
std::optional<Word> word_before(std::string_view text, std::size_t end) {
  std::size_t at = end;
  const auto step_back = [&] {
    do --at;
    while (at > 0 && (text[at] & 0xc0) == 0x80);
  };
  while (at > 0) {
    const std::size_t behind = at;
    step_back();
    if (soft_mark(text.substr(at, behind - at)) == 0) {
      at = behind;
      break;
    }
  }
  const std::size_t last = at;
  while (at > 0) {
    const std::size_t behind = at;
    step_back();
    std::size_t next = at;
    if (is_word(next_character(text, next))) continue;
    at = behind;
    break;
  }
  if (at == last) return std::nullopt;
  auto word = word_at(text, at);
  if (word) word->end = last;
  return word;
}

// Whether what stands before `at` says that what follows is to be worked on.
bool is_quoted(std::string_view text, std::size_t at) {
  while (at > 0 && (text[at - 1] == ' ' || text[at - 1] == '\t')) --at;
  return at > 0 && std::string_view(":\"'`(*>").find(text[at - 1]) != std::string_view::npos;
}

// Whether a clause may begin with the word: behind a mark, with a capital, or in a script that has none.
bool may_open(std::string_view text, const Word& word) {
  std::size_t next = word.begin;
  const std::uint32_t first = next_character(text, next);
  if (fold(first) != first || first >= 0x590) return true;
  std::size_t at = word.begin;
  while (at > 0 && (text[at - 1] == ' ' || text[at - 1] == '\t')) --at;
  return at == 0 || (text[at - 1] & 0x80) != 0 || soft_mark(text.substr(at - 1)) > 0;
}

// Where what is asked ends: before a last run of words of thanks. Words that stand beside thanks and could as well be
// part of the ask ("a lot thanks") go only where a clause begins with them.
std::size_t closing_of(std::string_view text) {
  std::size_t end = text.size(), begin = end;
  bool thanked = false;
  for (std::size_t words = 0; words < kMostClosing; ++words) {
    const auto word = word_before(text, begin);
    if (!word) break;
    const bool thanks = holds(kThanks, word->text());
    if (!thanks && !holds(kBeside, word->text())) break;
    thanked = thanked || thanks;
    begin = word->begin;
    if (thanks || (thanked && may_open(text, *word))) end = begin;
  }
  return end;
}

std::size_t closing_signs_of(std::string_view text) {
  std::size_t end = text.size();
  for (int rounds = 0; rounds < 3; ++rounds) {
    std::size_t at = end;
    for (std::size_t back : {std::size_t{1}, std::size_t{3}})
      if (at >= back && soft_mark(text.substr(at - back, back)) == back) at -= back;
    const auto signs = std::find_if(kCloseSigns.begin(), kCloseSigns.end(),
                                    [&](std::string_view s) { return text.substr(0, at).ends_with(s); });
    if (signs == kCloseSigns.end()) break;
    end = at - signs->size();
  }
  return end;
}

bool says_something(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const CharKind kind = kind_of(next_character(text, at));
    if (kind == CharKind::letter || kind == CharKind::sign || kind == CharKind::digit) return true;
  }
  return false;
}

}  // namespace

std::string_view without_courtesies(std::string_view ask) {
  std::string_view rest = ask.substr(opening_of(ask.substr(0, kEnd)));
  if (!says_something(rest.substr(0, kEnd))) return ask;
  const std::size_t before = rest.size() - std::min(rest.size(), kEnd);  // bytes that nobody looks at
  const std::string_view tail = rest.substr(before);
  std::size_t end = closing_signs_of(tail);
  if (end == tail.size()) end = closing_of(tail);
  const bool leaves_nothing = before == 0 && !says_something(tail.substr(0, end));
  if (end == tail.size() || is_quoted(tail, end) || leaves_nothing) return rest;
  rest = rest.substr(0, before + end);
  while (!rest.empty() && (is_blank(rest.back()) || rest.back() == ',' || rest.back() == '-')) rest.remove_suffix(1);
  return rest;
}

}  // namespace basin::core
