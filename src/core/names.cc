// The names of the enumerations as INTERFACE.md spells them.
#include "core/decision.h"

namespace basin::core {

std::string_view name_of(Bound bound) {
  constexpr std::string_view kNames[] = {
      "none",       "image",        "document", "server_tool", "file_id", "previous_response_id",
      "background", "many_choices", "logprobs", "audio"};
  return kNames[static_cast<std::size_t>(bound)];
}

std::string_view name_of(RequestClass cls) {
  constexpr std::string_view kNames[] = {"main", "tool_exchange", "sub_agent", "compaction",
                                         "side", "followup",      "probe"};
  return kNames[static_cast<std::size_t>(cls)];
}

std::string_view name_of(Topology topology) {
  constexpr std::string_view kNames[kTopologies] = {"reshape", "refine",    "extract",    "classify",   "qa_given",
                                                    "chat",    "simple_qa", "qa_open",    "code_local", "code_global",
                                                    "create",  "reason",    "synthesize", "plan"};
  return kNames[static_cast<std::size_t>(topology)];
}

std::string_view name_of(Mode mode) {
  constexpr std::string_view kNames[] = {"off", "shadow", "advise", "on"};
  return kNames[static_cast<std::size_t>(mode)];
}

std::string_view name_of(Action action) {
  constexpr std::string_view kNames[] = {"small", "verify", "large"};
  return kNames[static_cast<std::size_t>(action)];
}

}  // namespace basin::core
