#include "wire/conversation_turns.h"

#include <algorithm>
#include <iterator>

namespace basin::wire {
namespace {

using core::Block;
using core::Role;
using core::Turn;

// A user's message without a text is a message all the same: programs send such ones to have a model loaded.
constexpr std::string_view kNothing = "(no text)";

Block said(std::string_view text) {
  Block block;
  block.text = text;
  return block;
}

bool is_system(const Turn& turn) { return turn.role == Role::system; }

void leave_out_blanks(std::vector<Block>& blocks) {
  std::erase_if(blocks, [](const Block& block) { return block.kind == Block::Kind::text && is_blank(block.text); });
  for (Block& block : blocks) {
    std::erase_if(block.result,
                  [](const Block& inner) { return inner.kind == Block::Kind::text && is_blank(inner.text); });
  }
}

void fold_into_user(Turn& turn) {
  turn.role = Role::user;
  for (Block& block : turn.blocks) {
    if (block.kind != Block::Kind::text || block.text.starts_with(kFoldedBegin)) continue;
    block.text.insert(0, kFoldedBegin) += kFoldedEnd;
  }
}

// Neighbours of one role become one turn.
std::vector<Turn> merged(std::vector<Turn>&& turns) {
  std::vector<Turn> out;
  for (Turn& turn : turns) {
    if (turn.blocks.empty()) continue;
    if (out.empty() || out.back().role != turn.role) {
      out.push_back(std::move(turn));
    } else {
      std::ranges::move(turn.blocks, std::back_inserter(out.back().blocks));
    }
  }
  return out;
}

}  // namespace

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\r\n\f\v") == std::string_view::npos; }

base::Status arrange_turns(core::Conversation& conversation) {
  auto& turns = conversation.turns;
  const bool asked = std::ranges::any_of(turns, [](const Turn& turn) { return turn.role == Role::user; });
  for (Turn& turn : turns) leave_out_blanks(turn.blocks);
  std::erase_if(turns, [](const Turn& turn) { return turn.blocks.empty(); });
  if (turns.empty()) {
    if (!asked) return base::fail(base::Code::invalid, "the conversation is empty: give it a message with text");
    turns.push_back({Role::user, {said(kNothing)}});
  }
  auto front = std::ranges::find_if_not(turns, is_system);
  if (front == turns.end()) {
    --front;
    front->role = Role::user;
  }
  for (auto turn = front; turn != turns.end(); ++turn) {
    if (is_system(*turn)) fold_into_user(*turn);
  }
  turns = merged(std::move(turns));
  for (Turn& turn : turns) {
    if (turn.role != Role::user) continue;
    std::stable_partition(turn.blocks.begin(), turn.blocks.end(),
                          [](const Block& block) { return block.kind == Block::Kind::tool_result; });
  }
  return base::ok_status();
}

}  // namespace basin::wire
