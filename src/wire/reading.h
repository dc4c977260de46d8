// A request being read: what the dialects' readers share. Messages and parts are appended, the first reason that binds
// the request to the client's model is kept, and complaints name the place: "messages[2].content[0].text must be a
// string, found a number".
//
// The functions that can complain return false then, so that a reader is a chain of `if (!...) return false;`; the
// complaint waits in error(). (For the readers of this room.)
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"
#include "core/request.h"

namespace basin::wire {

class Reading {
 public:
  Reading(core::Request& request, std::string_view list_name) : request_(request), list_name_(list_name) {}

  // The fields that every dialect has at the top: absent ones are left alone.
  bool model(base::json::Value value);
  bool stream(base::json::Value value);
  bool tools(base::json::Value value, std::string_view name, bool (*runs_at_vendor)(base::json::Value tool));

  // A message begins; parts added after it are its own. `index` is its place in the client's list, or kTopSystem.
  bool begin_message(core::Role role, std::int32_t index);
  static constexpr std::int32_t kTopSystem = -1;
  void at_block(std::int32_t index) { block_ = index; }
  bool add(core::PartKind kind, base::json::Value whole, core::Text text = {}, std::string_view name = {});
  void bind(core::Bound bound);

  // The part is the string's whole inside.
  bool add_string(core::PartKind kind, base::json::Value string) { return add(kind, string, text_of(string)); }
  static core::Text text_of(base::json::Value string);

  // A message's content: a string is one part of text, an array a part for each element, read by `part`.
  template <class Part>
  bool content(base::json::Value value, Part&& part) {
    if (value.is(base::json::Kind::string)) return add_string(core::PartKind::text, value);
    std::int32_t index = 0;
    for (base::json::Elements each(value); each.next(); ++index) {
      at_block(index);
      if (!part(each.value())) return false;
    }
    return true;
  }

  // Always false. `field` is empty for the message or block itself.
  bool complain(std::string_view field, std::string_view wanted, base::json::Value found);
  bool complain_top(std::string_view field, std::string_view wanted, base::json::Value found);

  core::Request& request() { return request_; }
  const base::Error& error() const { return error_; }

 private:
  core::Request& request_;
  std::string_view list_name_;
  std::int32_t message_ = 0;
  std::int32_t block_ = -1;
  base::Error error_;
};

// Reads `role`; unknown roles are somebody's program speaking, and count as system.
core::Role role_of(std::string_view name);

// The hint that an asked-for JSON schema is that of a title: an object of one or two properties, `title` among them.
core::Text title_hint(base::json::Value schema);

}  // namespace basin::wire
