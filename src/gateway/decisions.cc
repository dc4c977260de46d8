#include "gateway/decisions.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace basin::gateway {
namespace {

// Cuts at a character's border, so that what is kept is still UTF-8.
void shorten(std::string& text, std::size_t limit) {
  if (text.size() <= limit) return;
  while (limit > 0 && (static_cast<unsigned char>(text[limit]) & 0xC0U) == 0x80U) --limit;
  text.resize(limit);
  text.shrink_to_fit();
}

}  // namespace

std::string Decisions::next_id() {
  const std::lock_guard lock(mutex_);
  return fmt::format("d-{:08x}-{}", boot_, next_++);
}

std::optional<std::uint64_t> Decisions::number_of(std::string_view id) const {
  const std::string prefix = fmt::format("d-{:08x}-", boot_);
  if (id.substr(0, prefix.size()) != prefix) return std::nullopt;
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(id.data() + prefix.size(), id.data() + id.size(), number);
  if (error != std::errc() || end != id.data() + id.size()) return std::nullopt;
  return number;
}

void Decisions::keep(core::Decision decision) {
  shorten(decision.ask, kKeptAsk);
  if (decision.ask_spans.size() > kKeptSpans) {
    decision.ask_spans.resize(kKeptSpans);
    decision.ask_spans.shrink_to_fit();
  }
  const auto number = number_of(decision.id);
  if (!number) return;
  const std::lock_guard lock(mutex_);
  const std::size_t slot = *number % capacity_;
  if (slot >= ring_.size()) ring_.resize(slot + 1);
  if (ring_[slot].id != decision.id) {
    ++totals_.decided;
    ++totals_.by_action[static_cast<std::size_t>(decision.action)];
  }
  newest_ = std::max(newest_, *number);
  ring_[slot] = std::move(decision);
}

std::optional<core::Decision> Decisions::find(std::string_view id) const {
  const auto number = number_of(id);
  if (!number) return std::nullopt;
  const std::lock_guard lock(mutex_);
  const std::size_t slot = *number % capacity_;
  if (slot >= ring_.size() || ring_[slot].id != id) return std::nullopt;
  return ring_[slot];
}

std::vector<core::Decision> Decisions::recent(std::size_t count) const {
  const std::lock_guard lock(mutex_);
  std::vector<core::Decision> found;
  for (std::uint64_t back = 0; back < std::min<std::uint64_t>(capacity_, newest_ + 1) && found.size() < count; ++back) {
    const std::uint64_t number = newest_ - back;
    const std::size_t slot = number % capacity_;
    if (slot >= ring_.size()) continue;
    // an id that was handed out for a dry run leaves what stood in its place a whole round ago
    if (ring_[slot].id.ends_with(fmt::format("-{}", number))) found.push_back(ring_[slot]);
  }
  return found;
}

Decisions::Totals Decisions::totals() const {
  const std::lock_guard lock(mutex_);
  return totals_;
}

}  // namespace basin::gateway
