// The list of models that every server gives at /v1/models.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/fetch.h"
#include "upstream/catalogue.h"

namespace basin::upstream {

// Names taken from one list; nobody has more at hand.
inline constexpr std::size_t kListedModels = 500;

// Asks for the list, with our key where we have one, in the form that the server's first dialect wants.
net::FetchRequest models_request(const Server& server);

// The names in an answer {"data":[{"id":...}]}; nothing where it is not one.
std::optional<std::vector<std::string>> models_listed(const std::string& body);

}  // namespace basin::upstream
