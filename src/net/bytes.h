// Bytes: a growing buffer for bodies. Unlike std::string it does not zero what it is about to receive.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

namespace basin::net {

// See above. Move only.
class Bytes {
 public:
  Bytes() = default;
  Bytes(Bytes&& other) noexcept;
  Bytes& operator=(Bytes&& other) noexcept;

  std::string_view view() const { return {data_.get(), size_}; }
  std::size_t size() const { return size_; }
  std::size_t capacity() const { return capacity_; }
  bool empty() const { return size_ == 0; }

  // Room for `extra` bytes behind the end; write there, then grow(n). Invalidates views.
  char* room(std::size_t extra);
  // REQUIRES: n bytes were written behind the end.
  void grow(std::size_t n) { size_ += n; }
  void append(std::string_view bytes);
  void clear() { size_ = 0; }
  // Empties; gives the memory back when more than `keep` was held.
  void reset(std::size_t keep = 0);

 private:
  std::unique_ptr<char[]> data_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace basin::net
