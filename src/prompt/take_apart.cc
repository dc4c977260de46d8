// From the end backwards. The last message with a person's words is the turn; what stands behind it (tool results,
// notices, mid-conversation system messages) says that the turn is under way. In front of it all is history, of which
// only sizes and the ask before are wanted, so it is stepped over part by part and never decoded.
#include "prompt/take_apart.h"

#include <algorithm>
#include <span>

#include "base/utf8.h"
#include "prompt/ask.h"
#include "prompt/identity.h"
#include "prompt/peel.h"
#include "prompt/request_class.h"
#include "prompt/words.h"

namespace basin::prompt {
namespace {

using core::Message;
using core::Part;
using core::PartKind;
using core::Request;
using core::Role;

constexpr std::size_t kNoMessage = static_cast<std::size_t>(-1);
// The ask before is a reminder ("now the same for this"), not a second prompt.
constexpr std::size_t kPreviousAskLimit = 2 * 1024;

class Apart {
 public:
  Apart(const Request& request, const core::HarnessMarks& marks) : request_(request), marks_(marks) {}

  core::Prompt run(const core::ClientHints& hints) {
    find_turn();
    prompt_.cls = classify(request_, hints, marks_, going_on_);
    prompt_.exploring = prompt_.cls == core::RequestClass::sub_agent && is_exploring(request_, hints, marks_);
    read_turn();
    weigh_history();
    prompt_.tool_count = request_.tool_count;
    prompt_.tool_exchange = going_on_;
    prompt_.compacted = hints.compacted;
    Identity identity = identify(request_, hints, prompt_.cls);
    prompt_.session = std::move(identity.session);
    prompt_.branch = std::move(identity.branch);
    prompt_.turn = std::move(identity.turn);
    return std::move(prompt_);
  }

 private:
  std::span<const Part> parts_of(const Message& message) const {
    return std::span(request_.parts).subspan(message.first_part, message.part_count);
  }
  bool holds(const Message& message, PartKind kind) const {
    return std::ranges::any_of(parts_of(message), [&](const Part& part) { return part.kind == kind; });
  }
  // A person does not answer a tool's call; texts beside a tool's result are the client's.
  bool may_be_a_persons(const Message& message) const {
    return message.role == Role::user && !holds(message, PartKind::tool_result);
  }
  // As read without decoding: good enough to count turns.
  bool looks_like_a_turn(const Message& message) const {
    if (!may_be_a_persons(message)) return false;
    return std::ranges::any_of(parts_of(message), [&](const Part& part) {
      return part.kind != PartKind::text ? part.kind == PartKind::image || part.kind == PartKind::document
                                         : !part.text.raw.empty() && !begins_with_mark(part.text, marks_);
    });
  }

  void find_turn();
  void fall_back();
  void read_turn();
  void weigh_history();
  std::int32_t client_index(std::size_t message) const {
    return static_cast<std::int32_t>(message) - (request_.has_top_system ? 1 : 0);
  }

  const Request& request_;
  const core::HarnessMarks& marks_;
  core::Prompt prompt_;
  std::size_t turn_ = kNoMessage;      // the message with the person's words
  std::size_t previous_ = kNoMessage;  // the one before
  Words words_;
  bool going_on_ = false;
};

void Apart::find_turn() {
  bool model_spoke = false;  // behind what we look at
  bool tools_spoke = false;
  bool notice = false;  // a user message without a person's words that nobody has answered
  for (std::size_t i = request_.messages.size(); i-- > 0 && turn_ == kNoMessage;) {
    const Message& message = request_.messages[i];
    model_spoke = model_spoke || message.role == Role::assistant;
    tools_spoke = tools_spoke || message.role == Role::tool || holds(message, PartKind::tool_result) ||
                  holds(message, PartKind::tool_use);
    if (message.role != Role::user) continue;
    if (may_be_a_persons(message)) {
      words_ = words_of(request_, message, marks_);
      if (!words_.empty() || looks_like_a_turn(message)) turn_ = i;
    }
    notice = notice || (turn_ == kNoMessage && !model_spoke);
  }
  // A model's words alone behind the turn are the beginning of its answer, given by the client: a turn as any other.
  going_on_ = tools_spoke || (notice && model_spoke);
  if (turn_ == kNoMessage) fall_back();
}

// No person's words anywhere: the last text there is stands for them, marks and all.
void Apart::fall_back() {
  for (std::size_t i = request_.messages.size(); i-- > 0;) {
    if (request_.messages[i].role != Role::user) continue;
    words_ = words_of(request_, request_.messages[i], marks_, false);
    turn_ = i;
    if (!words_.empty()) return;
  }
}

void Apart::read_turn() {
  if (turn_ == kNoMessage) return;
  const AskSplit split = split_ask(words_.text);
  prompt_.ask = join_spans(words_.text, split.ask, core::kAskLimit);
  for (const Span span : split.ask) words_.locate(span, client_index(turn_), prompt_.ask_spans);
  for (const Span span : split.material) {
    prompt_.material_bytes += span.size();
    if (span.begin < words_.joint && words_.joint < span.end) prompt_.material_bytes += words_.skipped;
  }
  prompt_.material = join_spans(words_.text, split.material,
                                core::kMaterialSample - std::min(words_.middle.size(), core::kMaterialSample));
  if (!words_.middle.empty()) (prompt_.material += '\n') += words_.middle;
}

void Apart::weigh_history() {
  prompt_.harness_bytes = request_.tools_bytes;
  for (std::size_t i = 0; i < request_.messages.size(); ++i) {
    const Message& message = request_.messages[i];
    std::uint64_t bytes = 0;
    for (const Part& part : parts_of(message)) {
      bytes += part.bytes;
      prompt_.has_thinking = prompt_.has_thinking || part.kind == PartKind::thinking;
    }
    const bool is_turn = i == turn_;
    if (is_turn || looks_like_a_turn(message)) {
      ++prompt_.turns;
      if (!is_turn && (turn_ == kNoMessage || i < turn_)) previous_ = i;
    }
    if (message.role == Role::system || message.role == Role::developer) {
      prompt_.harness_bytes += bytes;
    } else if (is_turn) {
      prompt_.harness_bytes += bytes - std::min(bytes, words_.bytes);
    } else {
      prompt_.history_bytes += bytes;
    }
  }
  if (previous_ == kNoMessage) return;
  const Words before = words_of(request_, request_.messages[previous_], marks_);
  prompt_.previous_ask = join_spans(before.text, split_ask(before.text).ask, kPreviousAskLimit);
}

}  // namespace

core::Prompt take_apart(const Request& request, const core::ClientHints& hints, const core::HarnessMarks& marks) {
  return Apart(request, marks).run(hints);
}

}  // namespace basin::prompt
