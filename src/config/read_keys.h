// A file's tree -> a Draft, key by key: types, ranges, words, unknown keys. Nothing is compared with anything else
// here.
#pragma once

#include "config/complaints.h"
#include "config/keys.h"

namespace basin::config {

// Sets in `draft` what is right, and complains about the rest.
void read_keys(const Node& root, Draft& draft, Complaints& complaints);

// Whether a value may stand for a key: "" or what is wanted instead, as in "a whole number from 0 to 65535 is wanted".
std::string wrong_with(const Key& key, const Node& value);

}  // namespace basin::config
