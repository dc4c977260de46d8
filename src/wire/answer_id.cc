#include "wire/answer_id.h"

namespace basin::wire {

std::string answer_id(std::string_view prefix, std::string_view upstream_id, std::optional<std::size_t> part) {
  constexpr std::string_view kPrefixes[] = {"msg_", "chatcmpl-", "resp_", "gen-"};
  std::string_view stem = upstream_id;
  for (const std::string_view known : kPrefixes) {
    if (!stem.starts_with(known)) continue;
    stem.remove_prefix(known.size());
    break;
  }
  std::string id(prefix);
  id += stem;
  if (part) id.append("_").append(std::to_string(*part));
  return id;
}

}  // namespace basin::wire
