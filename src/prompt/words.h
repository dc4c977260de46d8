// A person's words in one message, with the way back to where they stand in the request.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/harness.h"
#include "core/prompt.h"
#include "core/request.h"
#include "prompt/ask.h"

namespace basin::prompt {

struct Words {
  std::string text;           // the pieces, an empty line between them
  std::uint64_t bytes = 0;    // of the whole: more than text.size() where a long text was excerpted
  std::string middle;         // a sample of what an excerpt left out
  std::size_t joint = 0;      // where in text it was left out
  std::uint64_t skipped = 0;  // how much

  // Where a stretch of text stands in the request.
  struct Piece {
    Span span;                 // in text
    std::int32_t block = 0;    // in the message
    std::size_t position = 0;  // in the block's decoded text
  };
  std::vector<Piece> pieces;

  bool empty() const { return text.empty(); }
  // A span of text may run over several blocks.
  void locate(Span span, std::int32_t message, std::vector<core::TextSpan>& out) const;
};

// REQUIRES: message is one of the request's. With `peeled` false the marks are left in: for a message that is all
// harness.
Words words_of(const core::Request& request, const core::Message& message, const core::HarnessMarks& marks,
               bool peeled = true);

}  // namespace basin::prompt
