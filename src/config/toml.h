// A TOML text as a tree of our own, every node with its place: the reading of keys needs no more, and toml++ (1.7 s of
// compile time) stays in one file.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace basin::config {

// A configuration is typed by hand; past this it is the wrong file.
inline constexpr std::size_t kFileLimit = 1U << 20;

struct Place {
  std::uint32_t line = 0;  // from 1
  std::uint32_t column = 0;
};

// A value and all below it.
struct Node {
  enum class Kind { boolean, integer, number, text, date, list, table };
  struct Member;

  Kind kind = Kind::table;
  Place place;
  bool boolean = false;
  std::int64_t integer = 0;
  double number = 0;            // also set for an integer
  std::string text;             // also the text of a date: 2026-11-24
  std::vector<Node> items;      // list
  std::vector<Member> members;  // table, in the order of the file

  // A table's member; null where there is none.
  const Node* find(std::string_view key) const;
};

// A key of a table with its value.
struct Node::Member {
  std::string key;
  Place place;  // of the key
  Node value;
};

// "a number", "a list", ... for messages.
std::string_view name_of(Node::Kind kind);

// Errors: Code::configuration, "FILE:LINE:COLUMN: what".
base::Result<Node> parse_toml(std::string_view text, std::string_view file);

// The text of a file. Errors: Code::not_found where there is none, Code::configuration where it cannot be read or is
// past kFileLimit.
base::Result<std::string> read_file(const std::string& path);

// "FILE:LINE:COLUMN: ", or "FILE: " for what has no place in it.
std::string at(std::string_view file, Place place);

}  // namespace basin::config
