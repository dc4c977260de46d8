#include "config/reference.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "config/keys.h"
#include "upstream/known_servers.h"

namespace basin::config {
namespace {

constexpr std::size_t kColumns = 100;

constexpr std::string_view kIntroduction = R"(# Configuration

Written from the program's own table of keys (`basin reference`); a test compares the two.

Basin reads one file: `--config FILE`, else `BASIN_CONFIG`, else `~/.config/basin/basin.toml` (`XDG_CONFIG_HOME` is
respected). None is needed: without tiers Basin runs in `shadow` mode, passes every request to the model that the client
named and records what it would have done. `basin init` writes a commented file, `basin validate` proves that every tier
in it can be served, and `basin reload` (or SIGHUP, or saving the file) takes it up without dropping a request: a file
with a mistake changes nothing and is answered with file, line and key. An unknown key is a mistake.

)";

constexpr std::string_view kEnvironmentHead = R"(## Environment

| Variable | Meaning |
|---|---|
| `BASIN_CONFIG` | the configuration file |
| `BASIN_TOKEN` | the token that clients must send; comes before `server.token_file` |
| `XDG_CONFIG_HOME` | where `basin/` with the configuration is; default `~/.config` |
| `XDG_STATE_HOME` | where `basin/` with what a running Basin says of itself is; default `~/.local/state` |
| `XDG_CACHE_HOME` | where `basin/` with what can be had again is; default `~/.cache` |
| `NO_COLOR` | no colour in the terminal |
)";

constexpr std::string_view kEnvironmentTail = R"(
Base URLs that clients read from the environment are not read by Basin: they point at Basin itself.

## Prices

`~/.config/basin/prices.toml` adds to the built-in prices or overrides them, in the form of
[builtin_prices.toml](../src/ledger/builtin_prices.toml). A model that stands in it is priced by its rows alone; what is
not known is not priced, and never free.
)";

std::string_view name_of(Key::Type type) {
  switch (type) {
    case Key::Type::boolean: return "true or false";
    case Key::Type::whole: return "whole number";
    case Key::Type::number: return "number";
    case Key::Type::text: return "text";
    case Key::Type::texts: return "list of texts";
    case Key::Type::word: return "word";
    case Key::Type::words: return "list of words";
    case Key::Type::word_or_whole: return "word or whole number";
  }
  return "";
}

std::string quoted_choices(const Key& key, std::string_view quote) {
  std::string out;
  for (const std::string_view choice : key.choices)
    out += fmt::format("{}{}{}{}", out.empty() ? "" : ", ", quote, choice, quote);
  return out;
}

std::string range_of(const Key& key) {
  const std::string words = quoted_choices(key, "`");
  if (key.least == key.most) return words;
  return fmt::format("{}{}{:.15g} to {:.15g}", words, words.empty() ? "" : ", ", key.least, key.most);
}

std::string header_of(const Table& table) {
  return table.repeated ? fmt::format("[[{}]]", table.name) : fmt::format("[{}]", table.name);
}

// Text behind "# ", broken at spaces.
std::string comment(std::string_view text) {
  std::string out, line = "#";
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    if (line.size() + 1 + word.size() > kColumns) {
      out += line + "\n";
      line = "#";
    }
    line += fmt::format(" {}", word);
  }
  return out + line + "\n";
}

std::string toml_text(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\')
      out += fmt::format("\\{}", c);
    else if (byte < 0x20 || byte == 0x7f)
      out += fmt::format("\\u{:04x}", byte);
    else
      out += c;
  }
  return out + "\"";
}

std::string toml_list(const std::vector<std::string_view>& words) {
  std::string out = "[";
  for (const std::string_view word : words) out += (out.size() == 1 ? "" : ", ") + toml_text(word);
  return out + "]";
}

std::string name_of(upstream::Service service) {
  constexpr std::string_view kNames[] = {"side", "chat", "agent"};
  return std::string(kNames[static_cast<std::size_t>(service)]);
}

std::string written(const upstream::TierOptions& tier) {
  std::string out = fmt::format("[[tier]]\nname = {}\nupstream = {}\nmodel = {}\n", toml_text(tier.name),
                                toml_text(tier.upstream), toml_text(tier.model));
  if (!tier.effort.word.empty()) out += fmt::format("effort = {}\n", toml_text(tier.effort.word));
  if (tier.effort.tokens > 0) out += fmt::format("effort = {}\n", tier.effort.tokens);
  if (tier.context) out += fmt::format("context = {}\n", *tier.context);
  if (tier.serves.empty()) return out + "\n";
  std::vector<std::string> names;
  for (const upstream::Service service : tier.serves) names.push_back(name_of(service));
  return out + "serves = " + toml_list({names.begin(), names.end()}) + "\n\n";
}

std::string written(const upstream::UpstreamOptions& server) {
  std::vector<std::string_view> dialects;
  for (const core::Dialect dialect : server.dialects) dialects.push_back(core::name_of(dialect));
  std::string out =
      fmt::format("[[upstream]]\nname = {}\nbase_url = {}\n", toml_text(server.name), toml_text(server.base_url));
  if (!dialects.empty()) out += fmt::format("dialects = {}\n", toml_list(dialects));
  if (!server.vendor.empty()) out += fmt::format("vendor = {}\n", toml_text(server.vendor));
  if (!server.key_env.empty()) out += fmt::format("key_env = {}\n", toml_text(server.key_env));
  return out + "\n";
}

// What is said of a key.
std::string doc_of(const Key& key) {
  return fmt::format("{}{}", key.doc, key.idle ? " No effect in this version." : "");
}

// A line to stand for the key: its default, else an example made of its type.
std::string commented_key(const Key& key) {
  std::string value(key.fallback);
  if (value.empty()) {
    if (key.type == Key::Type::words)
      value = "[" + quoted_choices(key, "\"") + "]";
    else if (key.type == Key::Type::word || key.type == Key::Type::word_or_whole)
      value = fmt::format("\"{}\"", key.choices.front());
    else if (key.type == Key::Type::boolean)
      value = "true";
    else if (key.type == Key::Type::whole)
      value = fmt::format("{:.15g}", key.least);
    else
      value = "\"...\"";
  }
  return comment(doc_of(key)) + fmt::format("# {} = {}\n", key.name, value);
}

std::string example_of(const Table& table) {
  std::string out = fmt::format("# {}\n", header_of(table));
  for (const Key& key : table.keys) out += commented_key(key);
  return out + "\n";
}

std::string environment_section() {
  std::string out(kEnvironmentHead);
  for (const upstream::UpstreamOptions& server : upstream::vendor_servers()) {
    out += fmt::format("| `{}` | the key for the built-in upstream `{}` ({}) |\n", server.key_env, server.name,
                       server.base_url);
  }
  return out + std::string(kEnvironmentTail);
}

std::string known_servers_section() {
  std::string out = "Servers that need not be written down:\n\n| Upstream | Address | Dialects |\n|---|---|---|\n";
  std::vector<upstream::UpstreamOptions> known = upstream::vendor_servers();
  for (const upstream::LocalServer& server : upstream::local_servers()) known.push_back(server.options());
  for (const upstream::UpstreamOptions& server : known) {
    std::string dialects;
    for (const core::Dialect dialect : server.dialects)
      dialects += fmt::format("{}{}", dialects.empty() ? "" : ", ", core::name_of(dialect));
    out += fmt::format("| `{}` | {} | {} |\n", server.name, server.base_url, dialects);
  }
  return out + fmt::format("\n`vendor` is one of `{}`.\n\n", fmt::join(upstream::vendor_names(), "`, `"));
}

}  // namespace

std::string reference_markdown() {
  std::string out(kIntroduction);
  for (const Table& table : tables()) {
    out += fmt::format("## {}\n\n{}", header_of(table), table.doc);
    if (table.repeated) out += fmt::format(" At most {}.", table.most);
    out += "\n\n| Key | Value | Default | Meaning |\n|---|---|---|---|\n";
    for (const Key& key : table.keys) {
      const std::string range = range_of(key);
      const std::string fallback = key.required           ? "required"
                                   : key.fallback.empty() ? ""
                                                          : fmt::format("`{}`", key.fallback);
      out += fmt::format("| `{}` | {}{}{} | {} | {} |\n", key.name, name_of(key.type), range.empty() ? "" : ": ", range,
                         fallback, doc_of(key));
    }
    out += "\n";
    if (table.name == "upstream") out += known_servers_section();
  }
  return out + environment_section();
}

std::string commented_file(const FileContents& contents) {
  std::string out =
      comment(
          "Basin's configuration. Every key is listed; what is commented out is the default or an example. "
          "After a change: `basin validate`, then `basin reload`.") +
      "\n";
  for (const Table& table : tables()) {
    out += comment(table.doc);
    if (table.repeated) {
      if (table.name == "tier")
        for (const auto& tier : contents.tiers) out += written(tier);
      else
        for (const auto& server : contents.upstreams) out += written(server);
      out += example_of(table);
      continue;
    }
    out += header_of(table) + "\n";
    for (const Key& key : table.keys) {
      const bool mode = contents.mode && table.name == "routing" && key.name == "mode";
      out += mode ? comment(doc_of(key)) + fmt::format("mode = \"{}\"\n", core::name_of(*contents.mode))
                  : commented_key(key);
    }
    out += "\n";
  }
  return out;
}

}  // namespace basin::config
