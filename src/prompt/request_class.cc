#include "prompt/request_class.h"

#include <algorithm>
#include <string>

#include "base/json.h"

namespace basin::prompt {
namespace {

using core::Message;
using core::Part;
using core::PartKind;
using core::Request;
using core::RequestClass;
using core::Role;

std::span<const Part> parts_of(const Request& request, const Message& message) {
  return std::span(request.parts).subspan(message.first_part, message.part_count);
}

// The first bytes of a text, decoded, without the white space before them.
std::string head_of(core::Text text) {
  constexpr std::size_t kLook = 512;  // longer than every mark in its longest JSON spelling
  std::string head;
  base::json::unescape(text.raw.substr(0, base::json::cut_before(text.raw, std::min(text.raw.size(), kLook))), head);
  head.erase(0, std::min(head.find_first_not_of(" \n\r\t"), head.size()));
  return head;
}

std::optional<RequestClass> class_by_beginning(core::Text text, std::span<const core::ClassMark> marks) {
  const std::string head = head_of(text);
  for (const auto& mark : marks) {
    if (head.starts_with(mark.prefix)) return mark.cls;
  }
  return std::nullopt;
}

// Agents name their sessions with every request. What anybody else sends of the same shape is their own work: an answer
// of one token is a choice between A and B, a form with a title a recipe; both are measured like the rest.
bool is_an_agents(const Request& request, const core::ClientHints& hints) {
  return !hints.session.empty() || request.user_id.raw.find("session") != std::string_view::npos;
}

// By the marks at the beginnings of the system prompt's blocks, and of the blocks in the last run of user messages.
// There a person, too, may begin with a mark's words ("Web page content:"), and is not to get the smallest tier for it.
std::optional<RequestClass> class_by_marks(const Request& request, const core::ClientHints& hints,
                                           const core::HarnessMarks& marks) {
  if (!request.messages.empty() && request.messages.front().role == Role::system) {
    for (const Part& part : parts_of(request, request.messages.front())) {
      if (part.kind != PartKind::text) continue;
      if (const auto cls = class_by_beginning(part.text, marks.system)) return cls;
    }
  }
  for (std::size_t i = request.messages.size(); i-- > 0;) {
    const Message& message = request.messages[i];
    if (message.role == Role::assistant || message.role == Role::tool) break;
    if (message.role != Role::user) continue;
    for (const Part& part : parts_of(request, message)) {
      if (part.kind != PartKind::text) continue;
      const auto cls = class_by_beginning(part.text, marks.last_user);
      if (cls && (cls != RequestClass::side || is_an_agents(request, hints))) return cls;
    }
  }
  return std::nullopt;
}

bool is_sub_agent(const Request& request, const core::HarnessMarks& marks) {
  if (request.messages.empty() || request.messages.front().role != Role::system) return false;
  const auto parts = parts_of(request, request.messages.front());
  if (parts.empty()) return false;
  const std::string head = head_of(parts.front().text);
  return std::ranges::any_of(marks.sub_agent,
                             [&](std::string_view mark) { return head.find(mark) != std::string::npos; });
}

}  // namespace

bool is_exploring(const Request& request, const core::ClientHints& hints, const core::HarnessMarks& marks) {
  if (hints.exploring) return true;
  if (request.messages.empty() || request.messages.front().role != Role::system) return false;
  return std::ranges::any_of(parts_of(request, request.messages.front()), [&](const Part& part) {
    const std::string head = head_of(part.text);
    return std::ranges::any_of(marks.exploring, [&](std::string_view mark) { return head.starts_with(mark); });
  });
}

RequestClass classify(const Request& request, const core::ClientHints& hints, const core::HarnessMarks& marks,
                      bool going_on) {
  // One token of answer is no answer: a probe of a quota, or, with a conversation in it, a warm-up of that
  // conversation's cache, which is of use only to the model that serves it.
  if (request.max_output_tokens.value_or(2) <= 1) {
    const bool bare = request.tool_count == 0 && request.messages.size() <= (request.has_top_system ? 2U : 1U);
    if (!bare) return RequestClass::followup;
    const bool wordless = std::ranges::all_of(request.parts, [](const Part& part) { return part.text.raw.empty(); });
    if (wordless || is_an_agents(request, hints)) return RequestClass::probe;
  }
  RequestClass cls = RequestClass::main;
  if (hints.cls) {
    cls = *hints.cls;
  } else if (const auto marked = class_by_marks(request, hints, marks)) {
    cls = *marked;
  } else if (is_sub_agent(request, marks)) {
    cls = RequestClass::sub_agent;
  } else if (is_an_agents(request, hints)) {
    const bool title = request.tool_count == 0 && !request.output_title_hint.raw.empty();
    // only a vendor's tools: a search on the web, asked apart from the conversation
    if (title || request.only_server_tools) cls = RequestClass::side;
  }
  return cls == RequestClass::main && going_on ? RequestClass::tool_exchange : cls;
}

}  // namespace basin::prompt
