#include "prompt/excerpt.h"

#include "base/json.h"

namespace basin::prompt {
namespace {

// Decoded size of the inside of a JSON string without decoding it: each escape is one byte, but for \u.
std::size_t decoded_size(std::string_view raw) {
  std::size_t saved = 0;
  for (std::size_t at = raw.find('\\'); at != std::string_view::npos && at + 1 < raw.size(); at = raw.find('\\', at)) {
    if (raw[at + 1] != 'u') {
      saved += 1;
      at += 2;
      continue;
    }
    // decode the run of \u escapes by itself: pairs and lengths of UTF-8 are its business
    std::size_t end = at;
    while (end + 6 <= raw.size() && raw[end] == '\\' && raw[end + 1] == 'u') end += 6;
    if (end == at) return raw.size() - saved;  // a bad escape
    std::string run;
    base::json::unescape(raw.substr(at, end - at), run);
    saved += (end - at) - run.size();
    at = end;
  }
  return raw.size() - saved;
}

void append(std::string_view raw, bool escaped, std::string& out) {
  if (escaped) {
    base::json::unescape(raw, out);
  } else {
    out.append(raw);
  }
}

}  // namespace

Excerpt decode(core::Text text) {
  Excerpt excerpt;
  if (text.raw.size() <= kWholeLimit) {
    append(text.raw, text.escaped, excerpt.text);
    excerpt.joint = excerpt.text.size();
    return excerpt;
  }
  const std::size_t head = base::json::cut_before(text.raw, kEnd);
  const std::size_t tail = base::json::cut_before(text.raw, text.raw.size() - kEnd);
  append(text.raw.substr(0, head), text.escaped, excerpt.text);
  excerpt.joint = excerpt.text.size();
  append(text.raw.substr(tail), text.escaped, excerpt.text);
  const std::string_view between = text.raw.substr(head, tail - head);
  excerpt.skipped = text.escaped ? decoded_size(between) : between.size();
  const std::size_t middle = base::json::cut_before(between, between.size() / 2);
  const std::size_t middle_end = base::json::cut_before(between, std::min(middle + kMiddleSample, between.size()));
  append(between.substr(middle, middle_end - middle), text.escaped, excerpt.middle);
  return excerpt;
}

}  // namespace basin::prompt
