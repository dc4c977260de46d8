// SHA-256 (FIPS 180-4), for naming weights and files. Portable, about 250 MB/s; not for secrets.
#pragma once

#include <string>
#include <string_view>

namespace basin::base {

// The digest in lower-case hex, 64 characters.
std::string sha256_hex(std::string_view bytes);

}  // namespace basin::base
