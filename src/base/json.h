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
// Longer texts are refused unread: the index may take eight bytes for each byte of a text made of brackets.
inline constexpr std::size_t kTextLimit = std::size_t{256} << 20U;
// A Document keeps the memory of its index for the next text up to a text of this size; above, it is given back. Most
// requests fit, and a thousand idle connections hold little.
inline constexpr std::size_t kKeptTextSize = std::size_t{256} << 10U;

enum class Kind : std::uint8_t { null, boolean, number, string, array, object };

class Index;  // json.cc

// A handle into a Document, valid until the Document's next parse(), clear() or move, and as long as the text. A
// default Value is "absent": kind() is null, every accessor gives nothing.
class Value {
 public:
  Value() = default;
  bool present() const { return index_ != nullptr; }
  Kind kind() const;
  bool is(Kind wanted) const { return present() && kind() == wanted; }

  std::optional<bool> boolean() const;
  std::optional<double> number() const;
  std::optional<std::uint64_t> unsigned_integer() const;  // only for a JSON integer >= 0 that fits
  std::string_view raw() const;                           // the value's bytes in the text
  std::string_view raw_string() const;                    // inside of a string, escapes and all; empty for other kinds
  bool escaped() const;                                   // raw_string() has escapes
  std::optional<std::string> string() const;              // decoded; nothing for other kinds and for a bad escape

  // Object: the member's value, the last one where a key stands twice; absent where there is none. Keys are compared
  // decoded, so a name cannot be hidden behind escapes. Linear in the number of members.
  Value member(std::string_view name) const;
  std::size_t offset() const;  // byte offset of raw() in the text

 private:
  friend class Document;
  friend class Members;
  friend class Elements;
  Value(const Index* index, std::uint32_t at) : index_(index), at_(at) {}
  const Index* index_ = nullptr;
  std::uint32_t at_ = 0;  // position in the structural index
};

// for (Members m(object); m.next();) use(m.name(), m.value()); nothing for other kinds.
class Members {
 public:
  explicit Members(Value object);
  bool next();
  std::string_view raw_key() const;
  // The decoded key, valid until next(). A key with a bad escape is given raw: its backslash keeps it from equalling a
  // name that anybody asks for.
  std::string_view name();
  Value value() const;

 private:
  const Index* index_ = nullptr;
  std::uint32_t key_ = 0, end_ = 0, next_ = 0;
  std::string decoded_;
};

// for (Elements e(array); e.next();) use(e.value()); nothing for other kinds.
class Elements {
 public:
  explicit Elements(Value array);
  bool next();
  Value value() const;

 private:
  const Index* index_ = nullptr;
  std::uint32_t at_ = 0, end_ = 0, next_ = 0;
};

// Reusable: parse() keeps its memory for the next text, up to kKeptTextSize. Not thread safe; one per thread or
// connection.
class Document {
 public:
  Document();
  ~Document();
  Document(Document&&) noexcept;
  Document& operator=(Document&&) noexcept;

  // Text must outlive the values; nothing past its end is read.
  // Errors: Code::invalid with the byte offset, for malformed JSON, invalid UTF-8, or depth past kDepthLimit;
  // Code::too_large past kTextLimit. The grammar is checked whole but for the escapes inside of strings, which are
  // checked by who decodes them.
  Status parse(std::string_view text);
  // As above; copies the text into the Document first, so nothing is required of the caller.
  Status parse_copy(std::string_view text);
  // Absent before the first parse(), after a failed one and after clear().
  Value root() const;
  // Forgets the text and gives back memory past what kKeptTextSize needs.
  void clear();

 private:
  std::unique_ptr<Index> index_;
  std::string copy_;
};

// Decodes the inside of a JSON string, appending to out. False on a bad escape (out then holds what came before it).
// Half of a surrogate pair becomes U+FFFD instead of an error: models are sent such texts in practice.
bool unescape(std::string_view raw, std::string& out);

// Bytes that a JSON text would have with the escapes in its strings decoded: a letter written \uXXXX is six bytes there
// and one to three to who reads it. Looks at backslashes only, and at no grammar.
std::size_t unescaped_size(std::string_view json);

// The largest position <= at where the inside of a JSON string can be cut without splitting an escape or a character
// (a surrogate pair counts as two). REQUIRES: at <= raw.size()
std::size_t cut_before(std::string_view raw, std::size_t at);

// Appends text as a JSON string with quotes; control characters, quote and backslash escaped, invalid UTF-8 replaced.
void append_quoted(std::string& out, std::string_view text);

}  // namespace basin::base::json
