#include "wire/glance.h"

namespace basin::wire {

bool holds(std::string_view json, std::string_view quoted_name) {
  for (std::size_t at = json.find(quoted_name); at != std::string_view::npos; at = json.find(quoted_name, at + 1)) {
    std::size_t behind = at + quoted_name.size();
    while (behind < json.size() && (json[behind] == ':' || json[behind] == ' ')) ++behind;
    if (!json.substr(behind).starts_with("null")) return true;
  }
  return false;
}

}  // namespace basin::wire
