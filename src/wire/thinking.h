// Thinking that belongs to the model that made it: where it stands in a request, and by what it is known again.
//
// A model's thinking comes back with every later request of its conversation, sealed: signed (Anthropic), or as
// ciphertext that only its maker reads (redacted thinking, OpenAI's reasoning items). Another model, and often another
// account, refuses it: "Invalid `signature` in `thinking` block". So it must be known who made a block, from its bytes
// alone, since clients send nothing else back. A fingerprint of its seal does that.
//
// Chat completions have nothing of the kind: reasoning_content is free text that anybody may read.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/json.h"
#include "core/dialect.h"
#include "core/request.h"

namespace basin::wire {

// What a block of thinking is known by.
struct ThinkingSeal {
  enum class Kind : std::uint8_t {
    thinking,    // Anthropic: {"type":"thinking","thinking","signature"}
    redacted,    // Anthropic: {"type":"redacted_thinking","data"}
    reasoning,   // Responses: {"type":"reasoning","id","encrypted_content","summary"}
    compaction,  // both: the conversation so far, in its maker's words; without it, it is gone
  };
  Kind kind = Kind::thinking;
  bool sealed = false;  // signed or encrypted; what is not comes from a server that checks nothing
  // Of the signature, data or encrypted content, decoded; where there is none, of the thinking's text or the item's id.
  // 0 where there is none of these: nobody can know such a block again.
  std::uint64_t fingerprint = 0;
  // Responses: of the item's id, if it has one besides. A client may leave out either of the two.
  std::uint64_t id_fingerprint = 0;
};

// The seal of a block of a message (Anthropic) or an item of the input or output (Responses); nothing for a block that
// is no thinking.
std::optional<ThinkingSeal> thinking_seal(core::Dialect dialect, base::json::Value block);

// One block of thinking in a request.
struct ThinkingBlock {
  ThinkingSeal seal;
  std::uint32_t message = 0;  // index in the client's list of messages or items
  std::uint32_t block = 0;    // index in that message's content; 0 for an item
  core::ByteRange range;      // the whole block in the body
};

// Every block of thinking in a request body, in body order. `root` is the body's root.
//
// Costs a look at each block's type, and the hashing of the seals (about 0.2 ms per megabyte of them); call it where
// core::Prompt::has_thinking says that there is something to find.
std::vector<ThinkingBlock> find_thinking(core::Dialect dialect, base::json::Value root);

}  // namespace basin::wire
