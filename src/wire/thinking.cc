#include "wire/thinking.h"

#include "base/fingerprint.h"
#include "wire/fields.h"
#include "wire/json_edits.h"

namespace basin::wire {
namespace {

using base::json::Elements;
using base::json::Kind;
using base::json::Value;
using Seal = ThinkingSeal;

// Of the string's decoded bytes; 0 for an empty one and for what is no string.
std::uint64_t fingerprint_of(Value string) {
  const std::string_view raw = string.raw_string();
  if (raw.empty()) return 0;
  if (!string.escaped()) return base::fingerprint(raw);
  const auto decoded = string.string();
  return base::fingerprint(decoded ? std::string_view(*decoded) : raw);
}

Seal sealed_or(Seal::Kind kind, Value seal, Value open) {
  const std::uint64_t sealed = fingerprint_of(seal);
  return {kind, sealed != 0, sealed != 0 ? sealed : fingerprint_of(open), 0};
}

std::optional<Seal> seal_of_block(Value block) {
  constexpr Names<6> kNames = {"type", "thinking", "signature", "data", "content", "encrypted_content"};
  const auto [type, thinking, signature, data, content, encrypted] = collect(block, kNames);
  const std::string_view kind = type.raw_string();
  if (kind == "thinking") return sealed_or(Seal::Kind::thinking, signature, thinking);
  if (kind == "redacted_thinking") return sealed_or(Seal::Kind::redacted, data, {});
  if (kind == "compaction") return sealed_or(Seal::Kind::compaction, encrypted, content);
  return std::nullopt;
}

std::optional<Seal> seal_of_item(Value item) {
  constexpr Names<3> kNames = {"type", "id", "encrypted_content"};
  const auto [type, id, encrypted] = collect(item, kNames);
  const std::string_view kind = type.raw_string();
  if (kind != "reasoning" && kind != "compaction") return std::nullopt;
  Seal seal = sealed_or(kind == "reasoning" ? Seal::Kind::reasoning : Seal::Kind::compaction, encrypted, id);
  if (seal.sealed) seal.id_fingerprint = fingerprint_of(id);
  return seal;
}

}  // namespace

std::optional<ThinkingSeal> thinking_seal(core::Dialect dialect, Value block) {
  switch (dialect) {
    case core::Dialect::anthropic: return seal_of_block(block);
    case core::Dialect::openai_responses: return seal_of_item(block);
    case core::Dialect::openai_chat: break;
  }
  return std::nullopt;
}

std::vector<ThinkingBlock> find_thinking(core::Dialect dialect, Value root) {
  std::vector<ThinkingBlock> found;
  const auto look = [&](Value value, std::uint32_t message, std::uint32_t block) {
    if (const auto seal = thinking_seal(dialect, value)) found.push_back({*seal, message, block, range_of(value)});
  };
  constexpr Names<2> kNames = {"messages", "input"};
  const auto [messages, input] = collect(root, kNames);
  std::uint32_t index = 0;
  if (dialect == core::Dialect::openai_responses) {
    for (Elements items(input); items.next(); ++index) look(items.value(), index, 0);
  }
  if (dialect == core::Dialect::anthropic) {
    for (Elements each(messages); each.next(); ++index) {
      constexpr Names<1> kContent = {"content"};
      const auto [content] = collect(each.value(), kContent);
      std::uint32_t block = 0;
      for (Elements blocks(content); blocks.next(); ++block) look(blocks.value(), index, block);
    }
  }
  return found;
}

}  // namespace basin::wire
