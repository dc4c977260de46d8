// JSON, read in place. See json.cc for how.
//
// A Document indexes a text (simdjson's first stage: structural characters, UTF-8 check), then checks the grammar token
// by token and pairs the brackets, with a depth limit, in one pass without recursion. After that every Value is a cheap
// handle (a position in the index): members are looked up, arrays walked and values skipped in O(1) per member, and
// every value knows its byte range in the text, which is what forwarding byte for byte needs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace basin::base::json {

// Deeper bodies are refused before any value is built: real requests stay under 40, tool schemas included.
inline constexpr std::size_t kDepthLimit = 200;
// Bytes that must be readable (not necessarily zero) past the end of a text; SIMD loads overrun.
inline constexpr std::size_t kPadding = 64;

enum class Kind : std::uint8_t { null, boolean, number, string, array, object };

class Document;

// A handle into a Document, valid as long as the Document and its text. A default Value is "absent": kind() is null,
// every accessor gives nothing.
class Value {
 public:
  Value() = default;
  bool present() const { return document_ != nullptr; }
  Kind kind() const;
  bool is(Kind wanted) const { return present() && kind() == wanted; }

  std::optional<bool> boolean() const;
  std::optional<double> number() const;
  std::optional<std::uint64_t> unsigned_integer() const;  // only for a JSON integer >= 0 that fits
  std::string_view raw() const;         // the value's bytes in the text
  std::string_view raw_string() const;  // inside of a string, escapes and all; empty for other kinds
  bool escaped() const;                 // raw_string() has escapes
  std::optional<std::string> string() const;  // decoded

  // Object: the member's value, the last one where a key stands twice; absent where there is none. Compares raw keys,
  // so a key written with escapes is found only when it has none of our names in disguise (see repeated()).
  Value member(std::string_view key) const;
  std::size_t offset() const;  // byte offset of raw() in the text

 private:
  friend class Document;
  friend class Members;
  friend class Elements;
  Value(const Document* document, std::uint32_t at) : document_(document), at_(at) {}
  const Document* document_ = nullptr;
  std::uint32_t at_ = 0;  // position in the structural index
};

// for (Members m(object); m.next();) use(m.key(), m.value());
class Members {
 public:
  explicit Members(Value object);
  bool next();
  std::string_view raw_key() const;
  std::optional<std::string> key() const;  // decoded
  bool key_is(std::string_view plain) const;  // compares the decoded key
  Value value() const;

 private:
  Value object_;
  std::uint32_t at_ = 0, end_ = 0, next_ = 0;
};

// for (Elements e(array); e.next();) use(e.value());
class Elements {
 public:
  explicit Elements(Value array);
  bool next();
  Value value() const;

 private:
  Value array_;
  std::uint32_t at_ = 0, end_ = 0, next_ = 0;
};

// Reusable: parse() keeps its memory for the next text, up to a limit. Not thread safe; one per thread or connection.
class Document {
 public:
  Document();
  ~Document();
  Document(Document&&) noexcept;
  Document& operator=(Document&&) noexcept;

  // REQUIRES: kPadding readable bytes behind text. Text must outlive the values.
  // Errors: Code::invalid with the byte offset, for malformed JSON, invalid UTF-8, or depth past kDepthLimit.
  Status parse(std::string_view padded_text);
  // As above; copies the text into the Document first, so nothing is required of the caller.
  Status parse_copy(std::string_view text);
  Value root() const;

 private:
  friend class Value;
  friend class Members;
  friend class Elements;
  struct Index;
  std::unique_ptr<Index> index_;
};

// Decodes the inside of a JSON string, appending to out. False (out unspecified past its old end) on a bad escape or a
// lone surrogate's half, which becomes U+FFFD instead of an error: models are sent such texts in practice.
bool unescape(std::string_view raw, std::string& out);

// Appends text as a JSON string with quotes; control characters, quote and backslash escaped, invalid UTF-8 replaced.
void append_quoted(std::string& out, std::string_view text);

}  // namespace basin::base::json
