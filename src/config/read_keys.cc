#include "config/read_keys.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/nearest.h"

namespace basin::config {
namespace {

using Type = Key::Type;
using Kind = Node::Kind;

std::string shown(const Table& table) {
  return fmt::format(fmt::runtime(table.repeated ? "[[{}]]" : "[{}]"), table.name);
}

std::string wrong_number(const Key& key, const Node& value) {
  const bool whole = key.type != Type::number;
  const bool fits = value.kind == Kind::integer || (!whole && value.kind == Kind::number);
  if (fits && value.number >= key.least && value.number <= key.most) return {};
  return fmt::format("{} from {:.15g} to {:.15g} is wanted", whole ? "a whole number" : "a number", key.least,
                     key.most);
}

std::string wrong_word(const Key& key, const Node& value) {
  const auto& choices = key.choices;
  if (value.kind == Kind::text && std::find(choices.begin(), choices.end(), value.text) != choices.end()) return {};
  return fmt::format("one of \"{}\" is wanted{}", fmt::join(choices, "\", \""),
                     value.kind == Kind::text ? base::did_you_mean(value.text, choices) : "");
}

std::string wrong_word_or_number(const Key& key, const Node& value) {
  if (value.kind == Kind::text ? wrong_word(key, value).empty() : wrong_number(key, value).empty()) return {};
  return fmt::format("one of \"{}\" or a whole number from {:.15g} to {:.15g} is wanted{}",
                     fmt::join(key.choices, "\", \""), key.least, key.most,
                     value.kind == Kind::text ? base::did_you_mean(value.text, key.choices) : "");
}

std::string wrong_list(const Key& key, const Node& value) {
  if (value.kind != Kind::list) return "a list of texts is wanted, such as [\"a\", \"b\"]";
  if (key.type == Type::words && value.items.empty()) {
    return fmt::format("at least one of \"{}\" is wanted{}", fmt::join(key.choices, "\", \""),
                       key.required ? "" : "; leave the key out for the default");
  }
  for (const Node& item : value.items) {
    if (key.type == Type::words) {
      if (std::string wrong = wrong_word(key, item); !wrong.empty()) return wrong;
    } else if (item.kind != Kind::text) {
      return "a list of texts is wanted, such as [\"a\", \"b\"]";
    }
  }
  return {};
}

void unknown_key(const Table& table, const Node::Member& member, Complaints& complaints) {
  for (const RefusedKey& refused : refused_keys()) {
    if (member.key == refused.name) {
      complaints.add(member.place, fmt::format("`{}` in {}: {}", member.key, shown(table), refused.why));
      return;
    }
  }
  std::vector<std::string_view> known;
  for (const Key& key : table.keys) known.push_back(key.name);
  std::string hint = base::did_you_mean(member.key, known);
  if (hint.empty()) hint = fmt::format("; known are {}", fmt::join(known, ", "));
  complaints.add(member.place, fmt::format("unknown key `{}` in {}{}", member.key, shown(table), hint));
}

void read_table(const Table& table, const Node& node, Draft& draft, Complaints& complaints) {
  for (const Node::Member& member : node.members) {
    const auto key =
        std::find_if(table.keys.begin(), table.keys.end(), [&](const Key& k) { return k.name == member.key; });
    if (key == table.keys.end()) {
      unknown_key(table, member, complaints);
      continue;
    }
    const std::string wrong = wrong_with(*key, member.value);
    if (wrong.empty() && key->idle) {
      draft.config.warnings.push_back(fmt::format("`{}` in {} has no effect in this version", key->name, shown(table)));
    }
    if (wrong.empty())
      key->set(draft, member.value);
    else
      complaints.add(member.value.place, fmt::format("`{}` in {}: {}", key->name, shown(table), wrong));
  }
  for (const Key& key : table.keys) {
    if (!key.required || node.find(key.name) != nullptr) continue;
    complaints.add(node.place, fmt::format("{} has no `{}`", shown(table), key.name));
  }
}

void read_repeated(const Table& table, const Node& node, Draft& draft, Complaints& complaints) {
  if (node.items.size() > table.most) {
    complaints.add(node.place, fmt::format("more than {} {}", table.most, shown(table)));
    return;
  }
  for (const Node& item : node.items) {
    table.begin(draft, item.place);
    read_table(table, item, draft, complaints);
  }
}

bool all_tables(const Node& node) {
  return node.kind == Kind::list &&
         std::all_of(node.items.begin(), node.items.end(), [](const Node& i) { return i.kind == Kind::table; });
}

// A key at the top of the file that has a table of its own: people forget the table's head.
std::string owner_of(std::string_view key) {
  for (const Table& table : tables()) {
    for (const Key& each : table.keys) {
      if (each.name == key && !table.repeated) return fmt::format("; it belongs below {}", shown(table));
    }
  }
  return {};
}

void read_member(const Node::Member& member, Draft& draft, Complaints& complaints) {
  const auto known = tables();
  const auto table = std::find_if(known.begin(), known.end(), [&](const Table& t) { return t.name == member.key; });
  if (table == known.end()) {
    std::vector<std::string_view> names;
    for (const Table& each : known) names.push_back(each.name);
    std::string hint = owner_of(member.key);
    if (hint.empty()) hint = base::did_you_mean(member.key, names);
    if (hint.empty()) hint = fmt::format("; known are {}", fmt::join(names, ", "));
    const bool is_table = member.value.kind == Kind::table || all_tables(member.value);
    complaints.add(member.place, fmt::format("unknown {} `{}`{}", is_table ? "table" : "key", member.key, hint));
  } else if (table->repeated) {
    if (all_tables(member.value))
      read_repeated(*table, member.value, draft, complaints);
    else
      complaints.add(member.place, fmt::format("write {}, one for each", shown(*table)));
  } else if (member.value.kind == Kind::table) {
    read_table(*table, member.value, draft, complaints);
  } else {
    complaints.add(member.place, fmt::format("write {}, and its keys below", shown(*table)));
  }
}

}  // namespace

std::string wrong_with(const Key& key, const Node& value) {
  switch (key.type) {
    case Type::boolean: return value.kind == Kind::boolean ? "" : "true or false is wanted";
    case Type::whole:
    case Type::number: return wrong_number(key, value);
    case Type::text: return value.kind == Kind::text && !value.text.empty() ? "" : "a text in quotes is wanted";
    case Type::word: return wrong_word(key, value);
    case Type::word_or_whole: return wrong_word_or_number(key, value);
    case Type::texts:
    case Type::words: return wrong_list(key, value);
  }
  return {};
}

void read_keys(const Node& root, Draft& draft, Complaints& complaints) {
  for (const Node::Member& member : root.members) read_member(member, draft, complaints);
}

}  // namespace basin::config
