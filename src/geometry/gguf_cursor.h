// A walk over the front of a GGUF file, for its readers (gguf.cc has the idea).
#pragma once

#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "geometry/gguf.h"

namespace basin::geometry {

// Gives nothing that was not read. After a step that failed every step fails, and either wanted() or problem() says
// why. Views point into the bytes.
class GgufCursor {
 public:
  // `bytes` is the front of a file of `file_bytes` bytes. REQUIRES: bytes.size() <= file_bytes
  GgufCursor(std::string_view bytes, std::uint64_t file_bytes) : bytes_(bytes), file_bytes_(file_bytes) {}

  std::uint64_t at() const { return at_; }
  std::uint64_t wanted() const { return wanted_; }
  const std::optional<base::Error>& problem() const { return problem_; }

  // The next `count` bytes.
  std::optional<std::string_view> take(std::uint64_t count) {
    if (stopped()) return std::nullopt;
    if (count > file_bytes_ - at_) return stop(base::Code::invalid, "the file ends inside of its head"), std::nullopt;
    if (at_ + count > kGgufHeadLimit) return stop(base::Code::too_large, "its head is too long"), std::nullopt;
    if (count > bytes_.size() - at_) return wanted_ = at_ + count, std::nullopt;
    const std::string_view taken = bytes_.substr(at_, count);
    at_ += count;
    return taken;
  }
  template <class T>
  std::optional<T> number() {
    const auto raw = take(sizeof(T));
    if (!raw) return std::nullopt;
    T value{};
    std::memcpy(&value, raw->data(), sizeof(T));
    return value;
  }
  // A text, its length before it.
  std::optional<std::string_view> text(std::uint64_t limit) {
    const auto length = number<std::uint64_t>();
    if (!length) return std::nullopt;
    if (*length > limit) return stop(base::Code::too_large, "a text is longer than it may be"), std::nullopt;
    return take(*length);
  }
  // Ends the walk; the first reason stays. False, so that a step can end with it.
  bool stop(base::Code code, const std::string& what) {
    if (!stopped()) problem_ = base::fail(code, what + " (byte " + std::to_string(at_) + ")");
    return false;
  }

 private:
  bool stopped() const { return wanted_ != 0 || problem_; }

  std::string_view bytes_;
  std::uint64_t file_bytes_;
  std::uint64_t at_ = 0;
  std::uint64_t wanted_ = 0;
  std::optional<base::Error> problem_;
};

}  // namespace basin::geometry
