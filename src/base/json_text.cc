// Escapes: the inside of a JSON string to UTF-8 and back.
#include <algorithm>
#include <array>

#include "base/json.h"
#include "base/utf8.h"

namespace basin::base::json {
namespace {

constexpr std::uint32_t kNoCharacter = 0xFFFFFFFF;

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Four hexadecimal digits at the front of text.
std::uint32_t hex4(std::string_view text) {
  if (text.size() < 4) return kNoCharacter;
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    const int digit = hex_digit(text[i]);
    if (digit < 0) return kNoCharacter;
    value = value << 4U | static_cast<std::uint32_t>(digit);
  }
  return value;
}

char simple_escape(char c) {
  switch (c) {
    case 'n': return '\n';
    case 't': return '\t';
    case 'r': return '\r';
    case 'b': return '\b';
    case 'f': return '\f';
    case '"':
    case '\\':
    case '/': return c;
    default: return '\0';
  }
}

// \uXXXX, and the pair's second half where there is one. Returns the bytes of raw it took, 0 for a bad escape.
std::size_t unescape_unicode(std::string_view raw, std::string& out) {
  const std::uint32_t first = hex4(raw.substr(2));
  if (first == kNoCharacter) return 0;
  if (first >= 0xD800 && first <= 0xDBFF && raw.size() >= 12 && raw[6] == '\\' && raw[7] == 'u') {
    const std::uint32_t second = hex4(raw.substr(8));
    if (second >= 0xDC00 && second <= 0xDFFF) {
      append_utf8(out, 0x10000 + ((first - 0xD800) << 10U) + (second - 0xDC00));
      return 12;
    }
  }
  append_utf8(out, first);  // a lone half becomes U+FFFD
  return 6;
}

// What stands for a byte in a quoted string: nothing for most of them.
std::string_view escape_of(unsigned char byte, std::array<char, 6>& room) {
  switch (byte) {
    case '"': return "\\\"";
    case '\\': return "\\\\";
    case '\n': return "\\n";
    case '\r': return "\\r";
    case '\t': return "\\t";
    default: break;
  }
  if (byte >= 0x20) return {};
  constexpr std::string_view kDigits = "0123456789abcdef";
  room = {'\\', 'u', '0', '0', kDigits[byte >> 4U], kDigits[byte & 0xFU]};
  return {room.data(), room.size()};
}

}  // namespace

bool unescape(std::string_view raw, std::string& out) {
  out.reserve(out.size() + raw.size());
  while (!raw.empty()) {
    const std::size_t plain = std::min(raw.find('\\'), raw.size());
    out.append(raw.substr(0, plain));
    raw.remove_prefix(plain);
    if (raw.empty()) return true;
    if (raw.size() < 2) return false;
    if (raw[1] == 'u') {
      const std::size_t taken = unescape_unicode(raw, out);
      if (taken == 0) return false;
      raw.remove_prefix(taken);
      continue;
    }
    const char c = simple_escape(raw[1]);
    if (c == '\0') return false;
    out.push_back(c);
    raw.remove_prefix(2);
  }
  return true;
}

std::size_t unescaped_size(std::string_view json) {
  std::size_t size = json.size();
  constexpr auto kNone = std::string_view::npos;
  for (auto at = json.find('\\'); at != kNone && at + 1 < json.size(); at = json.find('\\', at)) {
    const std::uint32_t code = json[at + 1] == 'u' ? hex4(json.substr(at + 2)) : kNoCharacter;
    if (code == kNoCharacter) {
      size -= 1;
      at += 2;
      continue;
    }
    const bool half = code >= 0xD800 && code <= 0xDFFF;  // two of them are one character of four bytes
    size -= 6 - (code < 0x80 ? 1U : code < 0x800 || half ? 2U : 3U);
    at += 6;
  }
  return size;
}

std::size_t cut_before(std::string_view raw, std::size_t at) {
  at = utf8_boundary(raw, at);
  // An escape that covers `at` starts at most five bytes before it: \uXXXX. Its backslash is the last of a run of odd
  // length; a run of even length is escaped backslashes.
  for (std::size_t back = 1; back <= 5 && back <= at; ++back) {
    const std::size_t start = at - back;
    if (raw[start] != '\\') continue;
    std::size_t run = 1;
    while (run <= start && raw[start - run] == '\\') ++run;
    if (run % 2 == 0) return at;
    const std::size_t length = start + 1 < raw.size() && raw[start + 1] == 'u' ? 6 : 2;
    return start + length > at ? start : at;
  }
  return at;
}

void append_quoted(std::string& out, std::string_view text) {
  out.push_back('"');
  std::array<char, 6> room{};
  std::size_t copied = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto byte = static_cast<unsigned char>(text[at]);
    std::size_t length = 1;
    std::string_view replacement;
    if (byte < 0x80) {
      replacement = escape_of(byte, room);
    } else {
      length = utf8_length(text.substr(at));
      if (length == 0) {
        length = 1;
        replacement = kReplacementCharacter;
      }
    }
    if (!replacement.empty()) {
      out.append(text.substr(copied, at - copied)).append(replacement);
      copied = at + length;
    }
    at += length;
  }
  out.append(text.substr(copied)).push_back('"');
}

}  // namespace basin::base::json
