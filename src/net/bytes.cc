#include "net/bytes.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace basin::net {

namespace {
constexpr std::size_t kFirst = 1024;  // a small request's body
}

Bytes::Bytes(Bytes&& other) noexcept
    : data_(std::move(other.data_)),
      size_(std::exchange(other.size_, 0)),
      capacity_(std::exchange(other.capacity_, 0)) {}

Bytes& Bytes::operator=(Bytes&& other) noexcept {
  data_ = std::move(other.data_);
  size_ = std::exchange(other.size_, 0);
  capacity_ = std::exchange(other.capacity_, 0);
  return *this;
}

char* Bytes::room(std::size_t extra) {
  if (capacity_ - size_ < extra) {
    std::size_t wanted = std::max({kFirst, size_ + extra, capacity_ + capacity_ / 2});
    auto grown = std::make_unique_for_overwrite<char[]>(wanted);
    if (size_ > 0) std::memcpy(grown.get(), data_.get(), size_);
    data_ = std::move(grown);
    capacity_ = wanted;
  }
  return data_.get() + size_;
}

void Bytes::append(std::string_view bytes) {
  if (bytes.empty()) return;
  std::memcpy(room(bytes.size()), bytes.data(), bytes.size());
  grow(bytes.size());
}

void Bytes::reset(std::size_t keep) {
  size_ = 0;
  if (capacity_ <= keep) return;
  data_.reset();
  capacity_ = 0;
}

}  // namespace basin::net
