// What a byte may be in a text of unknown language: one look into a table where a chain of comparisons stood. Bytes of
// UTF-8 sequences count as letters of words.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace basin::prompt {

enum ByteClass : std::uint8_t {
  kSpaceByte = 1,
  kWordByte = 2,  // a letter, or part of a sequence
  kDigitByte = 4,
  kCountedByte = 8,     // of what people count as a word: letters, digits, apostrophes
  kSymbolByte = 16,     // neither of the above, nor a mark of plain prose
  kDelimiterByte = 32,  // may part the cells of a row
  kWideByte = 64,       // begins a sign of scripts written without spaces
  kOpeningByte = 128,   // may open a quotation
};

inline constexpr std::array<std::uint8_t, 256> kByteClasses = [] {
  std::array<std::uint8_t, 256> classes{};
  for (std::size_t c = 0; c < classes.size(); ++c) {
    constexpr std::string_view kSpaces = " \t\r\n\f\v", kPlainMarks = ".,?!'\"-:", kDelimiters = ",;\t|";
    constexpr std::string_view kOpenings = "\"\xc2\xe2\xe3";
    const auto in = [c](std::string_view list) { return list.find(static_cast<char>(c)) != std::string_view::npos; };
    const bool word = ((c | 32) >= 'a' && (c | 32) <= 'z') || c >= 0x80, digit = c >= '0' && c <= '9';
    unsigned bits = 0;
    if (in(kSpaces)) bits |= kSpaceByte;
    if (word) bits |= kWordByte;
    if (digit) bits |= kDigitByte;
    if (word || digit || c == '\'') bits |= kCountedByte;
    if (!word && !digit && !in(kSpaces) && !in(kPlainMarks)) bits |= kSymbolByte;
    if (in(kDelimiters)) bits |= kDelimiterByte;
    if (c >= 0xe3) bits |= kWideByte;
    if (in(kOpenings)) bits |= kOpeningByte;
    classes[c] = static_cast<std::uint8_t>(bits);
  }
  return classes;
}();

constexpr std::uint8_t class_of(char c) { return kByteClasses[static_cast<unsigned char>(c)]; }
inline bool is_space(char c) { return (class_of(c) & kSpaceByte) != 0; }
inline bool is_digit(char c) { return (class_of(c) & kDigitByte) != 0; }
inline bool is_word_byte(char c) { return (class_of(c) & kWordByte) != 0; }

}  // namespace basin::prompt
