// Content codings of HTTP bodies: gzip, deflate and zstd taken off.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace basin::base {

// Whether decode() knows this value of Content-Encoding. Lists of codings ("gzip, gzip") are not known.
bool can_decode(std::string_view coding);

// Overwrites out with the plain bytes.
// Errors: too_large, when there are more than `limit` plain bytes (a few kilobytes can unpack to gigabytes: it stops
// there); invalid, when the bytes are not of that coding or end early; unsupported for a coding that is not known.
Status decode(std::string_view coding, std::string_view bytes, std::size_t limit, std::string& out);

}  // namespace basin::base
