// What a model's name tells when nobody else says it.
#pragma once

#include <optional>
#include <string_view>

namespace basin::upstream {

// Billions of parameters, where the name says so the usual way: "llama3.2:3b" 3, "qwen3-30b-a3b" 30,
// "mixtral:8x7b" 56. Empty where it does not.
std::optional<double> billions_in_name(std::string_view model);

// Of a mixture, the billions of parameters that one token passes, where the name says so the usual way:
// "qwen3-30b-a3b" 3, "26B-A4B" 4. Empty where it does not.
std::optional<double> active_billions_in_name(std::string_view model);

// Whether the name is that of a model of OpenAI's that reasons, and so refuses sampling and stop sequences: o1, o3,
// ..., gpt-5 and later, in the spellings of those who resell them ("openai/gpt-6.1-sol").
bool reasons_by_name(std::string_view model);

}  // namespace basin::upstream
