// What people put around a request to be polite, in several languages.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace basin::lab {

// The ask with a phrase in front ("Hi, could you please ..."), and the ask with one behind ("... Thanks a lot in
// advance!"), in the language named by an ISO 639-1 code; English where it is another. Deterministic.
std::vector<std::string> politely(std::string_view ask, std::string_view language);

}  // namespace basin::lab
