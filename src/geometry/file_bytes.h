// What the files of weights share: taking fixed-size values off the front, and putting them at the end; and, for those
// whose tables lie at multiples of kAlign, the tables and their checksum.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

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

// Where a table begins, in an aligned file.
inline constexpr std::size_t kAlign = 128;

// Made of 16 interleaved streams of 8-byte words, so that it is not the longest part of a start.
// REQUIRES: a multiple of kAlign bytes.
std::uint64_t aligned_checksum(std::string_view bytes);

// Fills up to the next multiple of kAlign with zeros.
inline void pad(std::string& out) { out.resize((out.size() + kAlign - 1) / kAlign * kAlign, '\0'); }

template <class T>
void add_table(std::string& out, const std::vector<T>& table) {
  out.append(reinterpret_cast<const char*>(table.data()), table.size() * sizeof(T));
  pad(out);
}

// The last kAlign bytes of an aligned file: zeros, and the checksum of all before. REQUIRES: out is aligned.
void seal(std::string& out);
// The checksum that the last bytes state. REQUIRES: at least kAlign bytes.
std::uint64_t stated_checksum(std::string_view bytes);
// Whether the file ends in what seal() wrote for the rest of it. REQUIRES: a multiple of kAlign bytes, and one at
// least.
bool is_sealed(std::string_view bytes);

// Takes aligned tables off the front; after the first that is not whole there are none.
class Tables {
 public:
  explicit Tables(std::string_view bytes) : bytes_(bytes) {}
  template <class T>
  const T* take(std::size_t count) {
    const std::size_t size = (count * sizeof(T) + kAlign - 1) / kAlign * kAlign;
    if (size > bytes_.size()) whole_ = false;
    if (!whole_) return nullptr;
    const char* table = bytes_.data();
    bytes_.remove_prefix(size);
    return reinterpret_cast<const T*>(table);
  }
  bool whole() const { return whole_; }
  std::size_t left() const { return bytes_.size(); }

 private:
  std::string_view bytes_;
  bool whole_ = true;
};

}  // namespace basin::geometry
