// Every key of the configuration file, in one table: it is what the reader accepts, what docs/configuration.md lists
// and what `basin init` writes. A new key is a new row in keys.cc and nothing else.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.h"
#include "config/toml.h"

namespace basin::config {

// A configuration while it is being read.
struct Draft {
  // An [[upstream]] or [[tier]] and where it stands, for messages.
  struct UpstreamEntry {
    upstream::UpstreamOptions options;
    std::string key_file;
    Place place;
  };
  struct TierEntry {
    upstream::TierOptions options;
    Place place;
  };

  Config config;
  std::vector<UpstreamEntry> upstreams;
  std::vector<TierEntry> tiers;
  bool mode_given = false;
  std::string token_file;
};

// A key: what may stand for it, what it means, where it goes.
struct Key {
  enum class Type { boolean, whole, number, text, texts, word, words, word_or_whole };

  std::string_view name;
  Type type = Type::text;
  std::string_view fallback;                  // the default, as TOML; empty: none
  double least = 0, most = 0;                 // whole, number, word_or_whole
  std::span<const std::string_view> choices;  // word, words, word_or_whole
  bool required = false;
  bool idle = false;     // read and checked, but nothing heeds it yet: setting it is warned of
  std::string_view doc;  // sentences
  // Stores a value whose type and range were checked. For [[upstream]] and [[tier]] into the last entry.
  void (*set)(Draft&, const Node&) = nullptr;
};

// A [table] or [[table]] of keys.
struct Table {
  std::string_view name;
  bool repeated = false;  // [[name]]
  std::string_view doc;
  std::span<const Key> keys;
  void (*begin)(Draft&, Place) = nullptr;  // repeated: makes the entry that the keys are set in
  std::size_t most = 1;                    // repeated: how many of them
};

// All of them, in the order of the reference.
std::span<const Table> tables();

// A key that somebody may well try and that is refused on purpose, with the reason.
struct RefusedKey {
  std::string_view name;
  std::string_view why;
};
std::span<const RefusedKey> refused_keys();

}  // namespace basin::config
