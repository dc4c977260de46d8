#include "geometry/file_bytes.h"

#include <array>

namespace basin::geometry {

std::uint64_t aligned_checksum(std::string_view bytes) {
  constexpr std::uint64_t kPrime = 0x9e3779b97f4a7c15ULL;
  std::array<std::uint64_t, kAlign / 8> streams{};
  for (std::size_t at = 0; at < bytes.size(); at += kAlign) {
    for (std::size_t i = 0; i < streams.size(); ++i) {
      std::uint64_t word;
      std::memcpy(&word, bytes.data() + at + i * 8, 8);
      streams[i] = (streams[i] ^ word) * kPrime;
      streams[i] ^= streams[i] >> 29;
    }
  }
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  for (const std::uint64_t stream : streams) hash = (hash ^ stream) * kPrime, hash ^= hash >> 29;
  return hash;
}

void seal(std::string& out) {
  const std::uint64_t sum = aligned_checksum(out);
  out.append(kAlign - sizeof sum, '\0');
  append(out, sum);
}

std::uint64_t stated_checksum(std::string_view bytes) {
  std::uint64_t stated;
  std::memcpy(&stated, bytes.data() + bytes.size() - sizeof stated, sizeof stated);
  return stated;
}

bool is_sealed(std::string_view bytes) {
  const std::string_view before = bytes.substr(0, bytes.size() - kAlign);
  const std::string_view zeros = bytes.substr(before.size(), kAlign - 8);
  return zeros.find_first_not_of('\0') == std::string_view::npos && stated_checksum(bytes) == aligned_checksum(before);
}

}  // namespace basin::geometry
