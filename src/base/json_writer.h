// Writes JSON into a string: Writer w(out); w.object().field("a", 1).field("b", "x").end();
// Keeps track of commas and nesting only; numbers are written so that they read back the same.
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

namespace basin::base::json {

class Writer {
 public:
  explicit Writer(std::string& out) : out_(out) {}

  Writer& object() { return open('{', '}'); }
  Writer& array() { return open('[', ']'); }
  // Closes the innermost object or array. REQUIRES: one is open, and no key waits for its value.
  Writer& end();
  // REQUIRES: an object is open. The next call writes its value.
  Writer& key(std::string_view name);

  // One value: a text is quoted, a number written so that it reads back the same.
  Writer& value(std::string_view text);
  Writer& value(const char* text) { return value(std::string_view(text)); }
  Writer& value(const std::string& text) { return value(std::string_view(text)); }
  Writer& value(bool yes);
  Writer& value(double number);  // not finite becomes null
  template <class T>
    requires(std::integral<T> && !std::same_as<T, bool>)
  Writer& value(T number) {
    if constexpr (std::is_signed_v<T>)
      return signed_value(number);
    else
      return unsigned_value(number);
  }
  Writer& null();
  Writer& raw(std::string_view json);  // REQUIRES: one JSON value

  template <class T>
  Writer& field(std::string_view name, const T& v) {
    return key(name).value(v);
  }

 private:
  Writer& open(char opening, char closing);
  Writer& signed_value(std::int64_t number);
  Writer& unsigned_value(std::uint64_t number);
  void comma();

  std::string& out_;
  std::string closers_;
  bool first_ = true;
  bool after_key_ = false;
};

}  // namespace basin::base::json
