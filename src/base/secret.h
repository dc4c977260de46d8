// A Secret holds a credential and cannot be printed: it has no conversion to text, no stream operator, no comparison
// but one in constant time, and it wipes its memory. Who must send it calls reveal(), which is easy to search for.
#pragma once

#include <string>
#include <string_view>

namespace basin::base {

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string value) : value_(std::move(value)) {}
  Secret(const Secret&) = default;
  Secret(Secret&& other) noexcept : value_(std::move(other.value_)) { other.wipe(); }
  Secret& operator=(const Secret& other) {
    if (this != &other) {
      wipe();
      value_ = other.value_;
    }
    return *this;
  }
  Secret& operator=(Secret&& other) noexcept {
    wipe();
    value_ = std::move(other.value_);
    other.wipe();
    return *this;
  }
  ~Secret() { wipe(); }

  bool empty() const { return value_.empty(); }
  // Only to put it on the wire to the host it belongs to.
  std::string_view reveal() const { return value_; }
  // Constant time in the length of the guess: every byte is looked at whatever came before.
  bool matches(std::string_view guess) const;

 private:
  void wipe();
  std::string value_;
};

}  // namespace basin::base
