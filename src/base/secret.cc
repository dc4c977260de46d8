#include "base/secret.h"

#include <cstddef>

namespace basin::base {

bool Secret::matches(std::string_view guess) const {
  if (value_.empty()) return false;
  unsigned difference = value_.size() == guess.size() ? 0U : 1U;
  for (std::size_t i = 0; i < guess.size(); ++i) {
    difference |= static_cast<unsigned char>(guess[i]) ^ static_cast<unsigned char>(value_[i % value_.size()]);
  }
  return difference == 0;
}

void Secret::wipe() {
  // volatile, so that the stores are not removed as dead
  volatile char* bytes = value_.data();
  for (std::size_t i = 0; i < value_.size(); ++i) bytes[i] = 0;
  value_.clear();
}

}  // namespace basin::base
