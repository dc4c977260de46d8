// A 64-bit hash of bytes that come in any pieces: by it a long text is known again without being kept. The same bytes
// give the same value on every run and machine. About 4 GB/s; not for secrets, and whoever wants two texts with one
// value can make them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace basin::base {

class Fingerprint {
 public:
  // The next bytes. How a text is cut into pieces makes no difference.
  void add(std::string_view piece);
  // Of all bytes so far; never 0, which is free to mean "none". May be followed by more.
  std::uint64_t value() const;
  bool empty() const { return length_ == 0; }

 private:
  std::uint64_t state_ = 0x9e3779b97f4a7c15ULL;
  std::uint64_t pending_ = 0;  // the bytes since the last whole word, the first one lowest
  std::uint64_t length_ = 0;
};

// Of a text at hand.
std::uint64_t fingerprint(std::string_view text);

}  // namespace basin::base
