// What a credential is, told from its form. Never stored, never printed.
#pragma once

#include <string_view>

#include "core/dialect.h"

namespace basin::upstream {

// Whether a bearer is a subscription login (an OAuth access token) rather than an API key. Such a login may be
// forwarded only by a relay that its user runs, and only when that user switched it on.
bool is_subscription(std::string_view credential);

// The environment variable that usually holds a vendor's key; "" for an unknown vendor.
std::string_view key_variable(std::string_view vendor);

// How a server of this vendor wants to see a key of ours in requests of this dialect.
struct KeyStyle {
  bool api_key_field = false;  // x-api-key: <key>
  bool bearer = false;         // Authorization: Bearer <key>
};
KeyStyle key_style(core::Dialect dialect, std::string_view vendor);

// A field that requests of this dialect must have, whoever they go to; its name is empty where there is none.
struct VersionField {
  std::string_view name, value;
};
VersionField version_field(core::Dialect dialect);

}  // namespace basin::upstream
