// What the two files of weights share: taking fixed-size values off the front, and putting them at the end.
#pragma once

#include <cstring>
#include <string>
#include <string_view>

namespace basin::geometry {

// Takes fixed-size values off the front; ok() turns false when there are none left.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}
  bool ok() const { return ok_; }
  std::size_t left() const { return bytes_.size(); }
  template <class T>
  T take() {
    T value{};
    if (bytes_.size() < sizeof(T)) {
      ok_ = false;
      return value;
    }
    std::memcpy(&value, bytes_.data(), sizeof(T));
    bytes_.remove_prefix(sizeof(T));
    return value;
  }
  std::string_view bytes() const { return bytes_; }

 private:
  std::string_view bytes_;
  bool ok_ = true;
};

// Appends a value as it lies in memory (little-endian machines only, as the files are).
template <class T>
void append(std::string& out, T value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof(T));
}

}  // namespace basin::geometry
