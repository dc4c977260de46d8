#include "base/coding_stream.h"

#include <brotli/decode.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <optional>

namespace basin::base {
namespace {

constexpr std::size_t kPiece = 16u << 10;

bool same_word(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return lower(x) == lower(y); });
}

}  // namespace

// Takes bytes from the front of `in` and writes plain ones; how many, or nothing for bytes of another coding.
class CodingStream::Decoder {
 public:
  virtual ~Decoder() = default;
  virtual std::optional<std::size_t> step(std::string_view& in, char* out, std::size_t room) = 0;
};

namespace {

class Inflater final : public CodingStream::Decoder {
 public:
  Inflater() {
    constexpr int kGzipOrZlib = 32 + MAX_WBITS;  // told apart by their first bytes
    ready_ = inflateInit2(&stream_, kGzipOrZlib) == Z_OK;
  }
  ~Inflater() override {
    if (ready_) inflateEnd(&stream_);
  }
  std::optional<std::size_t> step(std::string_view& in, char* out, std::size_t room) override {
    if (!ready_) return std::nullopt;
    if (ended_) {  // what stands behind the end is nobody's
      in = {};
      return 0;
    }
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));
    stream_.avail_in = static_cast<uInt>(in.size());
    stream_.next_out = reinterpret_cast<Bytef*>(out);
    stream_.avail_out = static_cast<uInt>(room);
    const int state = inflate(&stream_, Z_NO_FLUSH);
    if (state != Z_OK && state != Z_STREAM_END && state != Z_BUF_ERROR) return std::nullopt;
    ended_ = state == Z_STREAM_END;
    in.remove_prefix(in.size() - stream_.avail_in);
    return room - stream_.avail_out;
  }

 private:
  z_stream stream_{};
  bool ready_ = false;
  bool ended_ = false;
};

class Unzstd final : public CodingStream::Decoder {
 public:
  std::optional<std::size_t> step(std::string_view& in, char* out, std::size_t room) override {
    ZSTD_inBuffer source{in.data(), in.size(), 0};
    ZSTD_outBuffer target{out, room, 0};
    if (!context_ || ZSTD_isError(ZSTD_decompressStream(context_.get(), &target, &source)) != 0) return std::nullopt;
    in.remove_prefix(source.pos);
    return target.pos;
  }

 private:
  std::unique_ptr<ZSTD_DCtx, std::size_t (*)(ZSTD_DCtx*)> context_{ZSTD_createDCtx(), ZSTD_freeDCtx};
};

class Unbrotli final : public CodingStream::Decoder {
 public:
  std::optional<std::size_t> step(std::string_view& in, char* out, std::size_t room) override {
    if (!state_) return std::nullopt;
    auto* next_in = reinterpret_cast<const std::uint8_t*>(in.data());
    auto* next_out = reinterpret_cast<std::uint8_t*>(out);
    std::size_t in_left = in.size();
    std::size_t out_left = room;
    const auto result = BrotliDecoderDecompressStream(state_.get(), &in_left, &next_in, &out_left, &next_out, nullptr);
    if (result == BROTLI_DECODER_RESULT_ERROR) return std::nullopt;
    const bool ended = result == BROTLI_DECODER_RESULT_SUCCESS;
    in.remove_prefix(ended ? in.size() : in.size() - in_left);
    return room - out_left;
  }

 private:
  std::unique_ptr<BrotliDecoderState, void (*)(BrotliDecoderState*)> state_{
      BrotliDecoderCreateInstance(nullptr, nullptr, nullptr), BrotliDecoderDestroyInstance};
};

std::unique_ptr<CodingStream::Decoder> decoder_of(std::string_view coding) {
  for (const std::string_view name : {"gzip", "x-gzip", "deflate"}) {
    if (same_word(coding, name)) return std::make_unique<Inflater>();
  }
  if (same_word(coding, "zstd")) return std::make_unique<Unzstd>();
  if (same_word(coding, "br")) return std::make_unique<Unbrotli>();
  return nullptr;
}

}  // namespace

CodingStream::CodingStream(std::string_view coding) : decoder_(decoder_of(coding)) {}
CodingStream::~CodingStream() = default;
CodingStream::CodingStream(CodingStream&&) noexcept = default;
CodingStream& CodingStream::operator=(CodingStream&&) noexcept = default;

bool CodingStream::knows(std::string_view coding) { return decoder_of(coding) != nullptr; }

bool CodingStream::feed(std::string_view bytes, const std::function<void(std::string_view)>& take) {
  std::array<char, kPiece> out;
  while (decoder_) {
    const std::size_t before = bytes.size();
    const auto written = decoder_->step(bytes, out.data(), out.size());
    if (written) plain_bytes_ += *written;
    if (!written || plain_bytes_ > kPlainLimit) {
      decoder_.reset();
      break;
    }
    if (*written > 0) take({out.data(), *written});
    // A full piece may have more behind it, with all bytes taken already.
    if (*written < out.size() && (bytes.empty() || bytes.size() == before)) return true;
  }
  return false;
}

}  // namespace basin::base
