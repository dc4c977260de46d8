#include "wire/cache_control.h"

#include "wire/fields.h"
#include "wire/json_edits.h"

namespace basin::wire {
namespace {

using base::json::Elements;
using base::json::Kind;
using base::json::Value;

// An object's own breakpoint, and those of the blocks in its content. (Messages carry none; their blocks do.)
void walk(Value object, std::vector<core::ByteRange>& found) {
  constexpr Names<2> kNames = {"cache_control", "content"};
  const auto [cache_control, content] = collect(object, kNames);
  if (cache_control.is(Kind::object)) found.push_back(range_of(object));
  for (Elements each(content); each.next();) walk(each.value(), found);
}

}  // namespace

std::vector<core::ByteRange> cache_breakpoints(Value root) {
  constexpr Names<4> kNames = {"cache_control", "system", "tools", "messages"};
  const auto [automatic, system, tools, messages] = collect(root, kNames);
  std::vector<core::ByteRange> found;
  if (automatic.is(Kind::object)) found.push_back(range_of(root));
  for (const Value list : {system, tools, messages}) {
    for (Elements each(list); each.next();) walk(each.value(), found);
  }
  return found;
}

}  // namespace basin::wire
