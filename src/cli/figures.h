// Numbers as people read them.
#pragma once

#include <cstdint>
#include <string>

namespace basin::cli {

// 1234567 as "1,234,567".
std::string grouped(std::uint64_t number);

// Bytes in the largest decimal unit of which they are one at least: "4.9 GB", "121.1 KB", "312 B".
std::string in_bytes(std::uint64_t bytes);

// A large count in words: "8.03 billion", "361 million", "30,272".
std::string in_words(std::uint64_t count);

}  // namespace basin::cli
