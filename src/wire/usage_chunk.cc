#include "wire/usage_chunk.h"

#include <algorithm>

#include "wire/fields.h"
#include "wire/glance.h"
#include "wire/json_edits.h"
#include "wire/sse.h"

namespace basin::wire {
namespace {

using base::json::Elements;
using base::json::Kind;
using base::json::Value;

constexpr std::string_view kWhat = "include_usage";
constexpr std::size_t kLongestEnd = 4;  // two line ends of CRLF
constexpr std::size_t kNoEnd = std::string_view::npos;

// `event` is one whole event with its line ends. Its length counts without them, so that a CRLF which comes in two
// pieces makes no difference.
bool is_usage_chunk(std::string_view event) {
  if (event.find_last_not_of("\r\n") + 1 > kUsageChunkLimit - kLongestEnd) return false;
  if (!holds(event, "\"usage\"")) return false;
  SseReader reader;
  base::json::Document document;
  if (!reader.next(event) || !document.parse(reader.event().data)) return false;
  constexpr Names<3> kNames = {"choices", "usage", "error"};
  const auto [choices, usage, error] = collect(document.root(), kNames);
  return choices.is(Kind::array) && !Elements(choices).next() && usage.is(Kind::object) && !error.present();
}

}  // namespace

std::optional<core::Edit> include_usage_edit(const core::Request& request, Value root) {
  if (request.endpoint != core::Endpoint::chat_completions || !request.stream) return std::nullopt;
  constexpr std::string_view kPath[] = {"stream_options", "include_usage"};
  const Value asked = root.member(kPath[0]).member(kPath[1]);
  if (asked.boolean() == false) return core::Edit{std::string(kWhat), range_of(asked), "true"};
  return set_absent(kWhat, root, kPath, "true");
}

// One past the end of the event that `bytes` begin with or go on with; kNoEnd where it goes on behind them.
std::size_t UsageChunkFilter::end_of_event(std::string_view bytes) {
  std::size_t at = 0;
  while (at < bytes.size()) {
    if (after_return_ && bytes[at] == '\n') ++at;
    after_return_ = false;
    std::size_t end = std::min(bytes.find('\n', at), bytes.size());
    end = at + std::min(bytes.substr(at, end - at).find('\r'), end - at);
    line_empty_ = line_empty_ && end == at;
    if (end == bytes.size()) return kNoEnd;
    after_return_ = bytes[end] == '\r';
    at = end + 1;
    if (line_empty_) {
      if (after_return_ && at < bytes.size() && bytes[at] == '\n') {
        after_return_ = false;
        ++at;
      }
      return at;
    }
    line_empty_ = true;
  }
  return kNoEnd;
}

std::string_view UsageChunkFilter::pass(std::string_view bytes) {
  out_.clear();
  std::string_view run;  // a stretch of bytes that goes on; not copied where it is all
  const auto send = [&](std::string_view piece) {
    if (run.data() + run.size() == piece.data()) {
      run = {run.data(), run.size() + piece.size()};
      return;
    }
    out_.append(run);
    run = piece;
  };
  const auto send_held = [&] {
    out_.append(run).append(event_);
    run = {};
    event_.clear();
  };
  const bool between_events = event_.empty() && !passing_;
  if (between_events && after_return_ && bytes.starts_with('\n')) {
    if (!dropped_) send(bytes.substr(0, 1));
    bytes.remove_prefix(1);
    after_return_ = false;
  }
  while (!bytes.empty()) {
    const std::size_t end = end_of_event(bytes);
    const std::string_view piece = bytes.substr(0, end);
    const bool ended = end != kNoEnd;
    bytes.remove_prefix(piece.size());
    dropped_ = false;
    if (passing_ || event_.size() + piece.size() > kUsageChunkLimit) {
      if (!event_.empty()) send_held();
      send(piece);
      passing_ = !ended;
    } else if (!ended) {
      event_.append(piece);
    } else if (event_.empty()) {
      dropped_ = is_usage_chunk(piece);
      if (!dropped_) send(piece);
    } else {
      dropped_ = is_usage_chunk(event_.append(piece));
      if (!dropped_) send_held();
      event_.clear();
    }
  }
  if (out_.empty()) return run;
  return out_.append(run);
}

std::string_view UsageChunkFilter::rest() { return event_; }

}  // namespace basin::wire
