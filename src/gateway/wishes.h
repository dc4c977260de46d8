// What the client says about where its request should go: the x-basin-* fields, the aliases, and the model it names.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "base/result.h"
#include "core/decision.h"
#include "net/head.h"
#include "route/decide.h"
#include "upstream/catalogue.h"

namespace basin::gateway {

struct Wishes {
  route::Wish wish = route::Wish::none;
  std::size_t tier = 0;                     // with Wish::tier and Wish::named
  bool alias = false;                       // the model is basin-...: no server would know it
  std::optional<std::size_t> ceiling_tier;  // an agent named this tier's model: nothing larger
  std::optional<core::Mode> mode;           // x-basin-mode
  bool local_only = false;                  // x-basin-local-only: 1
};

// Whether x-basin-local-only is set. Errors: invalid.
base::Result<bool> wants_local_only(const net::RequestHead& head);

// Precedence: header, then alias, then a configured tier's model. `agent` says that the client is a coding agent, which
// names a model with every request because it must: there the model is a ceiling; anybody else means it.
// Errors: invalid, naming the field, what it holds and what it may hold.
base::Result<Wishes> read_wishes(const net::RequestHead& head, std::string_view model, bool agent,
                                 const upstream::Catalogue& catalogue);

}  // namespace basin::gateway
