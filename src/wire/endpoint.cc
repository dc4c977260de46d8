#include "wire/endpoint.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

#include "wire/read_request.h"

namespace basin::wire {

std::string_view path_of(std::string_view target) {
  const std::string_view path = target.substr(0, target.find_first_of("?#"));
  return path.size() > 1 && path.back() == '/' ? path.substr(0, path.size() - 1) : path;
}

bool climbs(std::string_view target) {
  std::string path;
  const std::string_view written = target.substr(0, target.find('?'));  // some servers know no fragment
  for (std::size_t i = 0; i < written.size(); ++i) {
    unsigned char decoded = 0;
    if (written[i] == '%' && i + 3 <= written.size() &&
        std::from_chars(written.data() + i + 1, written.data() + i + 3, decoded, 16).ptr == written.data() + i + 3) {
      path.push_back(static_cast<char>(decoded));
      i += 2;
    } else {
      path.push_back(written[i]);
    }
  }
  for (std::string_view rest = path; !rest.empty();) {
    const std::size_t end = std::min(rest.find_first_of("/\\"), rest.size());
    if (rest.substr(0, end) == ".." || rest.substr(0, end) == ".") return true;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return false;
}

std::optional<core::Endpoint> endpoint_of(std::string_view target) {
  struct Row {
    std::string_view path;
    core::Endpoint endpoint;
  };
  constexpr std::array<Row, 5> kRows = {{{"/v1/messages", core::Endpoint::messages},
                                         {"/v1/messages/count_tokens", core::Endpoint::count_tokens},
                                         {"/v1/chat/completions", core::Endpoint::chat_completions},
                                         {"/v1/responses", core::Endpoint::responses},
                                         {"/v1/embeddings", core::Endpoint::embeddings}}};
  const std::string_view path = path_of(target);
  for (const Row& row : kRows) {
    if (row.path == path) return row.endpoint;
  }
  return std::nullopt;
}

core::Dialect dialect_for(std::string_view target, const FindHeader& header) {
  if (const auto endpoint = endpoint_of(target)) return dialect_of(*endpoint);
  const std::string_view path = path_of(target);
  if (path.starts_with("/v1/messages/")) return core::Dialect::anthropic;
  if (path.starts_with("/v1/responses/")) return core::Dialect::openai_responses;
  return header("anthropic-version").empty() ? core::Dialect::openai_chat : core::Dialect::anthropic;
}

}  // namespace basin::wire
