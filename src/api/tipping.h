// What would have tipped a decision: which part of the ask made it large. See tipping.cc.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/prompt.h"

namespace basin::api {

// The clauses of an ask: its lines, sentences and what stands between commas and semicolons, blanks trimmed. Views into
// `ask`. Clauses of fewer than three words stay with the one before; a sentence end inside a number or a name
// ("3.5", "a.out") is none. At most kMostClauses, the last one taking what is left.
inline constexpr std::size_t kMostClauses = 12;
std::vector<std::string_view> clauses_of(std::string_view ask);

// One sentence about the clause without which `p_ok` reaches `least`, the shortest where there are several; failing
// that about the one that weighs most, if it weighs a tenth. Empty where the ask has one clause only, where nothing in
// it weighs, and where P(ok) is `least` already. `p_ok` measures a prompt: P(small is enough), 0..1.
std::string what_made_it_large(const core::Prompt& prompt, double least,
                               const std::function<double(const core::Prompt&)>& p_ok);

}  // namespace basin::api
