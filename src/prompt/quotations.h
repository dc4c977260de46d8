// Long quotations in a block of prose: what a person quotes is what their ask is about.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "prompt/ask.h"

namespace basin::prompt {

// Finds quotations from left to right. A mark that is not closed within the block is not looked for again, so that a
// page of opening marks stays linear.
class Quotations {
 public:
  // Looks at block of text, which must outlive this.
  Quotations(std::string_view text, Span block) : text_(text.substr(0, block.end)), at_(block.begin) {}

  // The next quotation long enough to be material, marks included; empty when there is none.
  Span next();

 private:
  static constexpr std::size_t kKinds = 7;

  std::string_view text_;
  std::size_t at_;
  std::array<bool, kKinds> unclosed_{};
};

}  // namespace basin::prompt
