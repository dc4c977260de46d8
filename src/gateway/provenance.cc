#include "gateway/provenance.h"

namespace basin::gateway {

void Provenance::keep(std::span<const std::uint64_t> fingerprints, const Maker& maker, std::int64_t now_ms) {
  const std::lock_guard lock(mutex_);
  const auto by = makers_.try_emplace(maker, 0).first;
  ++by->second;  // held while entries of its own may be forgotten
  for (const std::uint64_t fingerprint : fingerprints) {
    if (fingerprint == 0) continue;
    ++by->second;
    if (const auto known = used(fingerprint, now_ms); known != entries_.end()) {
      release(known->maker);
      known->maker = by;
      continue;
    }
    entries_.push_front({fingerprint, by, now_ms});
    by_fingerprint_.emplace(fingerprint, entries_.begin());
    if (entries_.size() > capacity_) forget(std::prev(entries_.end()));
  }
  release(by);
}

std::optional<Maker> Provenance::find(std::uint64_t fingerprint, std::int64_t now_ms) {
  const std::lock_guard lock(mutex_);
  const auto known = used(fingerprint, now_ms);
  if (known == entries_.end()) return std::nullopt;
  return known->maker->first;
}

std::vector<Origin> Provenance::origins(std::span<const std::uint64_t> fingerprints, const Maker& who,
                                        std::int64_t now_ms) {
  const std::lock_guard lock(mutex_);
  const auto native = makers_.find(who);
  std::vector<Origin> out;
  out.reserve(fingerprints.size());
  for (const std::uint64_t fingerprint : fingerprints) {
    const auto known = used(fingerprint, now_ms);
    out.push_back(known == entries_.end()  ? Origin::unknown
                  : known->maker == native ? Origin::native
                                           : Origin::foreign);
  }
  return out;
}

std::size_t Provenance::size() const {
  const std::lock_guard lock(mutex_);
  return entries_.size();
}

// The block, moved to the front; end() where it is unknown or too old. REQUIRES: the lock is held, as below.
Provenance::Entries::iterator Provenance::used(std::uint64_t fingerprint, std::int64_t now_ms) {
  const auto found = by_fingerprint_.find(fingerprint);
  if (found == by_fingerprint_.end()) return entries_.end();
  if (now_ms - found->second->last_used_ms > kForget_ms) {
    forget(found->second);
    return entries_.end();
  }
  found->second->last_used_ms = now_ms;
  entries_.splice(entries_.begin(), entries_, found->second);
  return found->second;
}

void Provenance::forget(Entries::iterator entry) {
  release(entry->maker);
  by_fingerprint_.erase(entry->fingerprint);
  entries_.erase(entry);
}

void Provenance::release(Makers::iterator maker) {
  if (--maker->second == 0) makers_.erase(maker);
}

}  // namespace basin::gateway
