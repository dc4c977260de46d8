#include "base/content_coding.h"

#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <memory>

namespace basin::base {
namespace {

constexpr std::size_t kFirstRoom = 64u << 10;

bool same_word(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return lower(x) == lower(y); });
}

bool is_gzip(std::string_view coding) { return same_word(coding, "gzip") || same_word(coding, "x-gzip"); }
bool is_deflate(std::string_view coding) { return same_word(coding, "deflate"); }
bool is_zstd(std::string_view coding) { return same_word(coding, "zstd"); }

Error too_large(std::size_t limit) {
  return fail(Code::too_large,
              "the request's body unpacks to more than " + std::to_string(limit) + " bytes ([server] max_body_bytes)");
}

Error broken(std::string_view coding) {
  return fail(Code::invalid, "the request's body is not the " + std::string(coding) +
                                 " that its Content-Encoding says, or ends early");
}

// Room for more output; false when the limit is reached. One byte past it is allowed, to tell "exactly" from "more".
bool more_room(std::string& out, std::size_t used, std::size_t limit) {
  if (used < out.size()) return true;
  if (out.size() > limit) return false;
  out.resize(std::min(std::max(out.size() * 2, kFirstRoom), limit + 1));
  return true;
}

Status inflate_all(std::string_view coding, std::string_view bytes, std::size_t limit, std::string& out) {
  z_stream stream{};
  constexpr int kGzipOrZlib = 32 + MAX_WBITS;  // told apart by their first bytes
  if (inflateInit2(&stream, kGzipOrZlib) != Z_OK) return fail(Code::internal, "inflateInit2");
  const std::unique_ptr<z_stream, int (*)(z_stream*)> end(&stream, inflateEnd);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  std::size_t used = 0;
  for (int state = Z_OK; state != Z_STREAM_END;) {
    if (!more_room(out, used, limit)) return too_large(limit);
    stream.next_out = reinterpret_cast<Bytef*>(out.data() + used);
    stream.avail_out = static_cast<uInt>(out.size() - used);
    state = inflate(&stream, Z_NO_FLUSH);
    used = out.size() - stream.avail_out;
    const bool stuck = stream.avail_in == 0 && stream.avail_out > 0 && state != Z_STREAM_END;
    if ((state != Z_OK && state != Z_STREAM_END && state != Z_BUF_ERROR) || stuck) return broken(coding);
  }
  if (used > limit) return too_large(limit);
  out.resize(used);
  return ok_status();
}

Status unzstd_all(std::string_view coding, std::string_view bytes, std::size_t limit, std::string& out) {
  const std::unique_ptr<ZSTD_DCtx, std::size_t (*)(ZSTD_DCtx*)> context(ZSTD_createDCtx(), ZSTD_freeDCtx);
  ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
  std::size_t used = 0;
  for (std::size_t hint = 1; hint != 0;) {
    if (!more_room(out, used, limit)) return too_large(limit);
    ZSTD_outBuffer target{out.data(), out.size(), used};
    hint = ZSTD_decompressStream(context.get(), &target, &in);
    used = target.pos;
    const bool stuck = in.pos == in.size && target.pos < target.size && hint != 0;
    if (ZSTD_isError(hint) || stuck) return broken(coding);
  }
  if (used > limit) return too_large(limit);
  out.resize(used);
  return ok_status();
}

}  // namespace

bool can_decode(std::string_view coding) {
  return is_gzip(coding) || is_deflate(coding) || is_zstd(coding) || same_word(coding, "identity");
}

Status decode(std::string_view coding, std::string_view bytes, std::size_t limit, std::string& out) {
  out.clear();
  if (!can_decode(coding))
    return fail(Code::unsupported, "content coding \"" + std::string(coding) + "\" is not known");
  Status done = ok_status();
  if (same_word(coding, "identity")) {
    if (bytes.size() > limit) return too_large(limit);
    out = bytes;
  } else if (bytes.empty()) {
    return broken(coding);
  } else {
    done = is_zstd(coding) ? unzstd_all(coding, bytes, limit, out) : inflate_all(coding, bytes, limit, out);
  }
  return done;
}

}  // namespace basin::base
