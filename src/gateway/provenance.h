// Who made which thinking: by it a request that goes to another model than before is rid of what that model would
// refuse, and of nothing else.
//
// A block is known by its fingerprint (wire/thinking.h) alone. Neither thinking nor signatures are kept: a signature is
// a capability at its vendor, and thinking is what a person's prompt made a model think; both stay in the conversation,
// which is the client's. Credentials are told apart by a fingerprint, too.
#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace basin::gateway {

// Who can read a block again.
struct Maker {
  std::string server;  // upstream::Server::name
  std::string model;   // as that server calls it
  // base::fingerprint of the credential it was made under, where blocks are bound to that, too (OpenAI's encrypted
  // reasoning); 0 elsewhere. A login is renewed every few hours and is the same account: give a name for it.
  std::uint64_t credential = 0;

  friend auto operator<=>(const Maker&, const Maker&) = default;
};

enum class Origin : std::uint8_t {
  native,   // made by the one who is asked about
  foreign,  // made by somebody else
  unknown,  // made before Basin looked, longer ago than it remembers, or by who leaves nothing to know it by
};

// Thread safe. Bounded: past the capacity the block that came by longest ago is forgotten; its origin is then unknown.
class Provenance {
 public:
  // A conversation that thinks before each of its calls holds a few hundred blocks at most before it is compacted, and
  // a block is about 100 bytes here: room for a team's live conversations in 10 MB.
  static constexpr std::size_t kCapacity = 100'000;
  // A block that did not come by for a day is forgotten even below the capacity, as its conversation's pin is.
  static constexpr std::int64_t kForget_ms = 24 * 60 * 60 * 1000;

  explicit Provenance(std::size_t capacity = kCapacity) : capacity_(capacity) {}

  // Remembers who made these blocks. Where two models made the same block (unsigned thinking of a word or two), the
  // last one counts. 0 names no block. now_ms is monotonic.
  void keep(std::span<const std::uint64_t> fingerprints, const Maker& maker, std::int64_t now_ms);
  // Who made the block; nothing where that is not known.
  std::optional<Maker> find(std::uint64_t fingerprint, std::int64_t now_ms);
  // The origin of each block as `who` sees it, in one go: a long conversation asks for hundreds. Blocks that are asked
  // for are in use, and stay.
  std::vector<Origin> origins(std::span<const std::uint64_t> fingerprints, const Maker& who, std::int64_t now_ms);
  std::size_t size() const;

 private:
  using Makers = std::map<Maker, std::size_t>;  // with how many blocks each has here
  struct Entry {
    std::uint64_t fingerprint;
    Makers::iterator maker;
    std::int64_t last_used_ms;
  };
  using Entries = std::list<Entry>;

  Entries::iterator used(std::uint64_t fingerprint, std::int64_t now_ms);
  void forget(Entries::iterator entry);
  void release(Makers::iterator maker);

  const std::size_t capacity_;
  mutable std::mutex mutex_;
  Makers makers_;    // few: their names are not repeated for each block
  Entries entries_;  // most recently used first
  std::unordered_map<std::uint64_t, Entries::iterator> by_fingerprint_;
};

}  // namespace basin::gateway
