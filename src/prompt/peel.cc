#include "prompt/peel.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/json.h"

namespace basin::prompt {
namespace {

using core::BlockMark;

bool is_space(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }

// As starts_with, but most marks begin with the same byte: the second one tells most of them apart.
bool begins_with(std::string_view text, std::string_view mark) {
  return text.size() >= mark.size() && mark.size() > 1 && text[1] == mark[1] && text.starts_with(mark);
}

std::size_t skip_space(std::string_view text, std::size_t at) {
  while (at < text.size() && is_space(text[at])) ++at;
  return at;
}

// One walk over the lines of a text. First bytes of the marks are looked up in a table, so that a line which begins
// with none of them costs one look.
class Peeler {
 public:
  Peeler(std::string_view text, const core::HarnessMarks& marks) : text_(text), marks_(marks) {
    for (const auto& list : {marks.blocks, marks.envelopes}) {
      for (const BlockMark& mark : list) first_bytes_[static_cast<unsigned char>(mark.open.front())] = true;
    }
  }

  std::vector<Span> run() {
    start_ = skip_space(text_, 0);
    walk(0, text_.size(), true);
    return std::move(kept_);
  }

 private:
  // Keeps what a person wrote of [begin, end). Envelopes do not nest, so this calls itself once at most.
  void walk(std::size_t begin, std::size_t end, bool envelopes) {
    std::size_t from = begin;  // what begins here is neither kept nor dropped yet
    std::size_t at = skip_space(text_, begin);
    while (at < end) {
      if (const Found found = mark_at(at, end, envelopes); found.behind > at) {
        keep(from, at);
        if (found.inside.size() > 0) walk(found.inside.begin, found.inside.end, false);
        from = found.behind;
        at = skip_space(text_, from);
        continue;
      }
      at = std::min(text_.find('\n', at), end);
      at = skip_space(text_, at);
    }
    keep(from, end);
  }

  struct Found {
    std::size_t behind = 0;
    Span inside;  // of an envelope
  };

  // The mark that begins at `at`, with what it encloses.
  Found mark_at(std::size_t at, std::size_t end, bool envelopes) const {
    if (!first_bytes_[static_cast<unsigned char>(text_[at])]) return {};
    const std::string_view rest = text_.substr(at, end - at);
    for (const BlockMark& mark : marks_.blocks) {
      if (!begins_with(rest, mark.open)) continue;
      if (const std::size_t close = closing(rest, mark); close != 0) return {at + close + mark.close.size(), {}};
      if (at == start_) return {end, {}};
    }
    if (!envelopes) return {};
    for (const BlockMark& mark : marks_.envelopes) {
      if (!begins_with(rest, mark.open)) continue;
      const std::size_t close = closing(rest, mark);
      if (close != 0) return {at + close + mark.close.size(), {at + mark.open.size(), at + close}};
    }
    return {};
  }

  // Where the closing mark stands in rest; 0 where it does not.
  static std::size_t closing(std::string_view rest, const BlockMark& mark) {
    if (mark.close.empty()) return 0;
    const std::size_t at = rest.find(mark.close, mark.open.size());
    return at == std::string_view::npos ? 0 : at;
  }

  void keep(std::size_t begin, std::size_t end) {
    begin = skip_space(text_, begin);
    while (end > begin && is_space(text_[end - 1])) --end;
    if (begin < end) kept_.push_back({begin, end});
  }

  std::string_view text_;
  const core::HarnessMarks& marks_;
  std::array<bool, 256> first_bytes_{};
  std::vector<Span> kept_;
  std::size_t start_ = 0;
};

}  // namespace

std::vector<Span> peel(std::string_view text, const core::HarnessMarks& marks) { return Peeler(text, marks).run(); }

bool begins_with_mark(core::Text text, const core::HarnessMarks& marks) {
  // longer than every mark, in its longest JSON spelling; white space before it included
  constexpr std::size_t kLook = 1024;
  std::string_view head = text.raw.substr(0, base::json::cut_before(text.raw, std::min(text.raw.size(), kLook)));
  std::string decoded;
  if (head.find('\\') != std::string_view::npos) {
    base::json::unescape(head, decoded);
    head = decoded;
  }
  head.remove_prefix(skip_space(head, 0));
  for (const BlockMark& mark : marks.blocks) {
    if (begins_with(head, mark.open)) return true;
  }
  return false;
}

}  // namespace basin::prompt
