// The fixed coder that delta-information is measured with. See coder.cc.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace basin::lab {

// Longer texts are cut to these: the ends of the prompt, the front of the answer.
inline constexpr std::size_t kCodedPrompt = 12 * 1024;
inline constexpr std::size_t kCodedAnswer = 4 * 1024;

struct CodeLength {
  double alone_bits = 0;  // the answer by itself
  double given_bits = 0;  // the answer after the prompt
  // What of the answer the prompt does not hold: given / alone, 0..1.
  double new_share() const;
};

// An adaptive coder of bytes, blank at the start. Integer arithmetic throughout: the same bits on every machine.
class Coder {
 public:
  Coder();
  CodeLength measure(std::string_view prompt, std::string_view answer);

 private:
  void reset();
  double code(std::string_view text);  // learns the text, returns its length in bits

  static constexpr std::size_t kOrders = 6;
  static constexpr std::size_t kSlots = 1u << 16;
  static constexpr std::size_t kInputs = kOrders + 1;
  std::vector<std::uint16_t> tables_;     // kOrders x kSlots probabilities, 16 bits
  std::vector<std::int32_t> weights_;     // kInputs per mixer set, 16.16
  std::vector<std::uint32_t> last_seen_;  // where a five-byte context last ended
  std::vector<unsigned char> history_;
};

}  // namespace basin::lab
