#include "prompt/words.h"

#include <algorithm>

#include "prompt/excerpt.h"
#include "prompt/peel.h"

namespace basin::prompt {
namespace {

constexpr std::string_view kBetween = "\n\n";

void add(Words& words, std::int32_t block, const Excerpt& excerpt, Span kept) {
  if (!words.text.empty()) words.text += kBetween;
  const std::string_view text = std::string_view(excerpt.text).substr(kept.begin, kept.size());
  const bool holds_joint = excerpt.skipped > 0 && kept.begin < excerpt.joint && excerpt.joint < kept.end;
  const std::size_t at = words.text.size();
  if (holds_joint) {
    const std::size_t head = excerpt.joint - kept.begin;
    words.pieces.push_back({{at, at + head}, block, kept.begin});
    words.pieces.push_back({{at + head, at + text.size()}, block, excerpt.whole_position(excerpt.joint)});
    words.joint = at + head;
    words.skipped = excerpt.skipped;
    words.middle = excerpt.middle;
    words.bytes += excerpt.skipped;
  } else {
    words.pieces.push_back({{at, at + text.size()}, block, excerpt.whole_position(kept.begin)});
  }
  words.text += text;
  words.bytes += text.size();
}

}  // namespace

Words words_of(const core::Request& request, const core::Message& message, const core::HarnessMarks& marks,
               bool peeled) {
  Words words;
  for (std::uint32_t i = 0; i < message.part_count; ++i) {
    const core::Part& part = request.parts[message.first_part + i];
    if (part.kind != core::PartKind::text) continue;
    const Excerpt excerpt = decode(part.text);
    const auto block = static_cast<std::int32_t>(i);
    if (!peeled) {
      if (!excerpt.text.empty()) add(words, block, excerpt, {0, excerpt.text.size()});
      continue;
    }
    for (const Span kept : peel(excerpt.text, marks)) add(words, block, excerpt, kept);
  }
  return words;
}

void Words::locate(Span span, std::int32_t message, std::vector<core::TextSpan>& out) const {
  for (const Piece& piece : pieces) {
    const std::size_t begin = std::max(span.begin, piece.span.begin);
    const std::size_t end = std::min(span.end, piece.span.end);
    if (begin >= end) continue;
    const std::size_t from = piece.position + (begin - piece.span.begin);
    out.push_back(
        {message, piece.block, static_cast<std::uint32_t>(from), static_cast<std::uint32_t>(from + (end - begin))});
  }
}

}  // namespace basin::prompt
