#include "wire/splice.h"

#include <cassert>

#include "base/json.h"

namespace basin::wire {

base::Result<Spliced> splice(std::string_view body, std::span<const core::Edit> edits) {
  Spliced spliced;
  spliced.spans.reserve(edits.size() * 2 + 1);
  const auto send = [&](std::string_view span) {
    if (span.empty()) return;
    spliced.spans.push_back(span);
    spliced.length += span.size();
  };
  std::size_t sent = 0;
  for (const core::Edit& edit : edits) {
    const auto [begin, end] = edit.range;
    if (begin < sent || end < begin || end > body.size()) {
      return base::fail(base::Code::internal, "an edit of " + edit.what + " does not fit the body");
    }
    send(body.substr(sent, begin - sent));
    send(edit.replacement);
    sent = end;
  }
  send(body.substr(sent));
  return spliced;
}

core::Edit model_edit(const core::Request& request, std::string_view model) {
  assert(!request.model_value.empty());
  core::Edit edit{"model", request.model_value, {}};
  base::json::append_quoted(edit.replacement, model);
  return edit;
}

bool is_spliced(std::string_view body, std::span<const core::Edit> edits, std::string_view sent) {
  const auto take = [&](std::string_view expected) {
    if (!sent.starts_with(expected)) return false;
    sent.remove_prefix(expected.size());
    return true;
  };
  std::size_t at = 0;
  for (const core::Edit& edit : edits) {
    const auto [begin, end] = edit.range;
    if (begin < at || end < begin || end > body.size()) return false;
    if (!take(body.substr(at, begin - at)) || !take(edit.replacement)) return false;
    at = end;
  }
  return sent == body.substr(at);
}

}  // namespace basin::wire
