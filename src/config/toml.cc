#include "config/toml.h"

#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

namespace basin::config {
namespace {

using base::Code;
using base::fail;

Place place_of(const toml::source_region& region) { return {region.begin.line, region.begin.column}; }

Node converted(const toml::node& from);

void convert_table(const toml::table& from, Node& to) {
  for (const auto& [key, value] : from) {
    to.members.push_back({std::string(key.str()), place_of(key.source()), converted(value)});
  }
  // toml++ keeps its keys sorted; messages and generated files follow the file.
  std::stable_sort(to.members.begin(), to.members.end(), [](const Node::Member& a, const Node::Member& b) {
    return std::pair(a.place.line, a.place.column) < std::pair(b.place.line, b.place.column);
  });
}

// Recursion is bounded by toml++'s own limit on nesting (256).
Node converted(const toml::node& from) {
  Node to;
  to.place = place_of(from.source());
  if (const auto* table = from.as_table()) {
    to.kind = Node::Kind::table;
    convert_table(*table, to);
  } else if (const auto* list = from.as_array()) {
    to.kind = Node::Kind::list;
    for (const auto& item : *list) to.items.push_back(converted(item));
  } else if (const auto* text = from.as_string()) {
    to.kind = Node::Kind::text;
    to.text = text->get();
  } else if (const auto* integer = from.as_integer()) {
    to.kind = Node::Kind::integer;
    to.integer = integer->get();
    to.number = static_cast<double>(to.integer);
  } else if (const auto* number = from.as_floating_point()) {
    to.kind = Node::Kind::number;
    to.number = number->get();
  } else if (const auto* boolean = from.as_boolean()) {
    to.kind = Node::Kind::boolean;
    to.boolean = boolean->get();
  } else {
    to.kind = Node::Kind::date;
    if (const auto* date = from.as_date()) {
      to.text = fmt::format("{:04}-{:02}-{:02}", date->get().year, date->get().month, date->get().day);
    }
  }
  return to;
}

}  // namespace

const Node* Node::find(std::string_view key) const {
  const auto found = std::find_if(members.begin(), members.end(), [key](const Member& m) { return m.key == key; });
  return found == members.end() ? nullptr : &found->value;
}

std::string_view name_of(Node::Kind kind) {
  switch (kind) {
    case Node::Kind::boolean: return "true or false";
    case Node::Kind::integer: return "a whole number";
    case Node::Kind::number: return "a number";
    case Node::Kind::text: return "a text";
    case Node::Kind::date: return "a date";
    case Node::Kind::list: return "a list";
    case Node::Kind::table: return "a table";
  }
  return "a value";
}

std::string at(std::string_view file, Place place) {
  if (place.line == 0) return fmt::format("{}: ", file);
  return fmt::format("{}:{}:{}: ", file, place.line, place.column);
}

base::Result<Node> parse_toml(std::string_view text, std::string_view file) {
  const toml::parse_result parsed = toml::parse(text);
  if (!parsed) {
    const toml::parse_error& error = parsed.error();
    return fail(Code::configuration, at(file, place_of(error.source())) + std::string(error.description()));
  }
  return converted(parsed.table());
}

base::Result<std::string> read_file(const std::string& path) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "re"), &std::fclose);
  if (!file) {
    const Code code = errno == ENOENT || errno == ENOTDIR ? Code::not_found : Code::configuration;
    return fail(code, path + ": " + std::strerror(errno));
  }
  std::string text;
  char buffer[16 * 1024];
  while (const std::size_t n = std::fread(buffer, 1, sizeof buffer, file.get())) {
    text.append(buffer, n);
    if (text.size() > kFileLimit) return fail(Code::configuration, path + ": larger than 1 MiB");
  }
  if (std::ferror(file.get()) != 0) return fail(Code::configuration, path + ": " + std::strerror(errno));
  return text;
}

}  // namespace basin::config
