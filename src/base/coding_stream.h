// A body's content coding taken off as its bytes come, for who reads along with an answer that passes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

namespace basin::base {

// gzip, deflate, zstd and br, in any pieces. It reads along and can fail: then it gives nothing more, and what it reads
// goes on without it.
class CodingStream {
 public:
  // What an answer may unpack to before nobody reads along any more: a thousand times the longest that a model writes.
  static constexpr std::uint64_t kPlainLimit = std::uint64_t{1} << 30U;

  // A Content-Encoding's value. Of a coding that it does not know it gives nothing.
  explicit CodingStream(std::string_view coding);
  ~CodingStream();
  CodingStream(CodingStream&&) noexcept;
  CodingStream& operator=(CodingStream&&) noexcept;

  // Whether it can take this coding off.
  static bool knows(std::string_view coding);

  // Hands the plain bytes of these to `take`, in pieces of at most 16 KiB that are valid during the call. False: the
  // bytes are not of that coding, or unpack to more than kPlainLimit, now or earlier.
  bool feed(std::string_view bytes, const std::function<void(std::string_view)>& take);

  class Decoder;  // one per coding, in the .cc

 private:
  std::unique_ptr<Decoder> decoder_;
  std::uint64_t plain_bytes_ = 0;
};

}  // namespace basin::base
