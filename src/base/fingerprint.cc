// Eight bytes at a time are mixed in by one multiplication and one folded shift, as wyhash and its kin do; the end goes
// through the finisher of MurmurHash3, whose every output bit depends on every input bit.
#include "base/fingerprint.h"

namespace basin::base {
namespace {

constexpr std::size_t kWord = 8;

std::uint64_t mixed(std::uint64_t state, std::uint64_t word) {
  state = (state ^ word) * 0xd6e8feb86659fd93ULL;
  return state ^ state >> 32U;
}

std::uint64_t byte(char c) { return static_cast<unsigned char>(c); }

// Lowest byte first on every machine; compilers make one load of it where that is the machine's own order.
std::uint64_t word_at(const char* at) {
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < kWord; ++i) word |= byte(at[i]) << (8 * i);
  return word;
}

}  // namespace

void Fingerprint::add(std::string_view piece) {
  std::size_t filled = length_ % kWord;
  length_ += piece.size();
  while (filled > 0 && !piece.empty()) {
    pending_ |= byte(piece.front()) << (8 * filled);
    piece.remove_prefix(1);
    if (++filled < kWord) continue;
    state_ = mixed(state_, pending_);
    pending_ = filled = 0;
  }
  for (; piece.size() >= kWord; piece.remove_prefix(kWord)) state_ = mixed(state_, word_at(piece.data()));
  for (; !piece.empty(); piece.remove_prefix(1)) pending_ |= byte(piece.front()) << (8 * filled++);
}

std::uint64_t Fingerprint::value() const {
  std::uint64_t hash = mixed(state_, pending_) ^ length_;
  hash = (hash ^ hash >> 33U) * 0xff51afd7ed558ccdULL;
  hash = (hash ^ hash >> 33U) * 0xc4ceb9fe1a85ec53ULL;
  hash ^= hash >> 33U;
  return hash == 0 ? 1 : hash;
}

std::uint64_t fingerprint(std::string_view text) {
  Fingerprint hash;
  hash.add(text);
  return hash.value();
}

}  // namespace basin::base
