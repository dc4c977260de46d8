// Sentences that read like requests, put into the material of a prompt: they are not the person's, so nothing may
// change.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace basin::lab {

// The text with one such sentence as a line of its own between two lines of its material: at the first place for it, in
// the middle, and at the last one. Where the lines around are quoted, code, JSON, a log or records of speakers, once
// more as one of them (a comment, a member, an entry). Empty where no piece of material has two neighbouring lines.
// Deterministic.
std::vector<std::string> baited(std::string_view text);

}  // namespace basin::lab
