#include "wire/thinking_tap.h"

#include <algorithm>

#include "wire/fields.h"

namespace basin::wire {
namespace {

using base::json::Document;
using base::json::Elements;
using base::json::Value;

bool mentions(std::string_view text, std::string_view word) { return text.find(word) != std::string_view::npos; }

}  // namespace

void ThinkingTap::event(const SseEvent& event) {
  if (dialect_ == core::Dialect::anthropic) return anthropic_event(event);
  if (dialect_ != core::Dialect::openai_responses) return;
  // an item is one event, so the few that are done may be looked at; those of text and calls mention no reasoning
  if (!event.name.empty() && event.name != "response.output_item.done") return;
  if (!mentions(event.data, "\"reasoning\"") && !mentions(event.data, "\"compaction\"")) return;
  Document document;
  if (!document.parse(event.data)) return;
  constexpr Names<2> kNames = {"type", "item"};
  const auto [type, item] = collect(document.root(), kNames);
  if (type.raw_string() != "response.output_item.done") return;
  if (const auto seal = thinking_seal(dialect_, item)) note(*seal);
}

void ThinkingTap::anthropic_event(const SseEvent& event) {
  const bool named = !event.name.empty();
  const bool start = named ? event.name == "content_block_start" : mentions(event.data, "\"content_block_start\"");
  if (!open_ && !start) return;
  if (!open_ && !mentions(event.data, "thinking") && !mentions(event.data, "compaction")) return;
  Document document;
  if (!document.parse(event.data)) return;
  constexpr Names<3> kNames = {"type", "content_block", "delta"};
  const auto [type, block, changed] = collect(document.root(), kNames);
  const std::string_view kind = type.raw_string();
  if (kind == "content_block_start") begin_block(block);
  if (kind == "content_block_delta") delta(changed);
  if (kind == "content_block_stop") end_block();
}

// A start may hold the beginning of the text, or all there is.
void ThinkingTap::begin_block(Value block) {
  const auto seal = thinking_seal(dialect_, block);
  open_ = seal.has_value();
  if (!open_) return;
  seal_ = seal->sealed ? seal->fingerprint : 0;
  text_ = {};
  constexpr Names<2> kTexts = {"thinking", "content"};
  for (const Value text : collect(block, kTexts)) text_.add(text.string().value_or(std::string()));
}

void ThinkingTap::delta(Value delta) {
  constexpr Names<4> kNames = {"signature", "encrypted_content", "thinking", "content"};
  const auto [signature, encrypted, thinking, content] = collect(delta, kNames);
  for (const Value text : {thinking, content}) text_.add(text.string().value_or(std::string()));
  for (const Value seal : {signature, encrypted}) {
    const auto decoded = seal.string();
    if (decoded && !decoded->empty()) seal_ = base::fingerprint(*decoded);
  }
}

void ThinkingTap::end_block() {
  if (open_) note(seal_ != 0 || text_.empty() ? seal_ : text_.value());
  open_ = false;
}

void ThinkingTap::answer(Value answer) {
  constexpr Names<2> kNames = {"content", "output"};
  for (const Value list : collect(answer, kNames)) {
    for (Elements each(list); each.next();) {
      if (const auto seal = thinking_seal(dialect_, each.value())) note(*seal);
    }
  }
}

void ThinkingTap::note(const ThinkingSeal& seal) {
  note(seal.fingerprint);
  note(seal.id_fingerprint);
}

void ThinkingTap::note(std::uint64_t fingerprint) {
  if (fingerprint == 0 || noted_.size() >= kMostNoted) return;
  if (std::find(noted_.begin(), noted_.end(), fingerprint) == noted_.end()) noted_.push_back(fingerprint);
}

}  // namespace basin::wire
