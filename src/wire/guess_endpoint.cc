#include "wire/guess_endpoint.h"

#include <algorithm>
#include <array>

namespace basin::wire {

base::Result<core::Endpoint> guess_endpoint(std::string_view body, core::Dialect client,
                                            base::json::Document& document) {
  if (auto parsed = document.parse(body); !parsed.ok()) return parsed.error();
  const base::json::Value root = document.root();
  if (!root.is(base::json::Kind::object)) return base::fail(base::Code::invalid, "a request body is a JSON object");
  if (root.member("messages").present()) {
    constexpr std::array<std::string_view, 5> kOnlyAnthropic = {"system", "thinking", "output_config", "stop_sequences",
                                                                "anthropic_version"};
    const bool shape = std::any_of(kOnlyAnthropic.begin(), kOnlyAnthropic.end(),
                                   [&](std::string_view key) { return root.member(key).present(); });
    return client == core::Dialect::anthropic || shape ? core::Endpoint::messages : core::Endpoint::chat_completions;
  }
  if (root.member("input").present()) return core::Endpoint::responses;
  return base::fail(base::Code::invalid,
                    "a request body has `messages` (Anthropic, chat completions) or `input` (Responses)");
}

}  // namespace basin::wire
