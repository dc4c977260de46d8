#include "wire/json_edits.h"

#include <cassert>
#include <string>

namespace basin::wire {
namespace {

using base::json::Kind;
using base::json::Members;
using base::json::Value;

// "b":{"c":json} for the path b, c.
std::string nested(std::span<const std::string_view> path, std::string_view json) {
  std::string out;
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (i > 0) out += '{';
    base::json::append_quoted(out, path[i]);
    out += ':';
  }
  return out.append(json).append(path.size() - 1, '}');
}

std::string wrapped(std::span<const std::string_view> path, std::string_view json) {
  return path.empty() ? std::string(json) : "{" + nested(path, json) + "}";
}

}  // namespace

core::ByteRange range_of(Value value) {
  const auto begin = static_cast<std::uint32_t>(value.offset());
  return {begin, begin + static_cast<std::uint32_t>(value.raw().size())};
}

std::vector<core::ByteRange> element_ranges(Value array) {
  std::vector<core::ByteRange> ranges;
  for (base::json::Elements each(array); each.next();) ranges.push_back(range_of(each.value()));
  return ranges;
}

std::vector<core::ByteRange> member_ranges(Value object) {
  std::vector<core::ByteRange> ranges;
  const char* const text = object.raw().data() - object.offset();
  for (Members each(object); each.next();) {
    const auto key = static_cast<std::uint32_t>(each.raw_key().data() - text);
    ranges.push_back({key - 1, range_of(each.value()).end});
  }
  return ranges;
}

void cut_items(std::string_view what, std::span<const core::ByteRange> items, const std::vector<bool>& gone,
               std::vector<core::Edit>& edits) {
  assert(items.size() == gone.size());
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (!gone[i]) continue;
    const std::size_t first = i;
    while (i + 1 < items.size() && gone[i + 1]) ++i;
    // with the comma in front, or at the list's front with the one behind
    core::ByteRange range{items[first].begin, items[i].end};
    if (first > 0)
      range.begin = items[first - 1].end;
    else if (i + 1 < items.size())
      range.end = items[i + 1].begin;
    edits.push_back({std::string(what), range, {}});
  }
}

std::optional<core::Edit> set_absent(std::string_view what, Value object, std::span<const std::string_view> path,
                                     std::string_view json) {
  assert(!path.empty());
  if (!object.is(Kind::object)) return std::nullopt;
  const Value there = object.member(path.front());
  const auto rest = path.subspan(1);
  if (there.is(Kind::null)) return core::Edit{std::string(what), range_of(there), wrapped(rest, json)};
  if (there.present()) return rest.empty() ? std::nullopt : set_absent(what, there, rest, json);
  const auto members = member_ranges(object);
  const std::uint32_t at = members.empty() ? range_of(object).begin + 1 : members.back().end;
  return core::Edit{std::string(what), {at, at}, (members.empty() ? "" : ",") + nested(path, json)};
}

}  // namespace basin::wire
