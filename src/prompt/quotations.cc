#include "prompt/quotations.h"

#include <algorithm>

#include "prompt/byte_class.h"
#include "prompt/lines.h"

namespace basin::prompt {
namespace {

constexpr std::size_t kQuoteMin = 24;  // shorter quotations name things ("stubborn"), they are not material

struct QuotePair {
  std::string_view open, close;
};
constexpr QuotePair kQuotes[] = {{"\"", "\""}, {"“", "”"},   {"„", "“"}, {"«", "»"},
                                 {"「", "」"}, {"『", "』"}, {"‘", "’"}};
static_assert(std::all_of(std::begin(kQuotes), std::end(kQuotes),
                          [](const QuotePair& pair) { return (class_of(pair.open[0]) & kOpeningByte) != 0; }));

// Whether the mark stands at text[at]; most often its first byte does not.
bool stands_at(std::string_view text, std::size_t at, std::string_view mark) {
  return text[at] == mark[0] && (mark.size() == 1 || text.compare(at, mark.size(), mark) == 0);
}

}  // namespace

Span Quotations::next() {
  static_assert(std::size(kQuotes) == kKinds);
  for (; at_ < text_.size(); ++at_) {
    if ((class_of(text_[at_]) & kOpeningByte) == 0) continue;
    for (std::size_t kind = 0; kind < kKinds; ++kind) {
      const QuotePair& pair = kQuotes[kind];
      if (unclosed_[kind] || !stands_at(text_, at_, pair.open)) continue;
      const std::size_t begin = at_, inner = at_ + pair.open.size(), close = text_.find(pair.close, inner);
      if (close == std::string_view::npos) {
        unclosed_[kind] = true;
        continue;
      }
      at_ = close + pair.close.size() - 1;
      const bool long_enough = close - inner >= kQuoteMin && count_words(text_.substr(inner, close - inner), 4) >= 4;
      if (!long_enough) break;
      return {begin, ++at_};
    }
  }
  return {};
}

}  // namespace basin::prompt
