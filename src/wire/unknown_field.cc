#include "wire/unknown_field.h"

#include <algorithm>
#include <string>

namespace basin::wire {
namespace {

// In lower case. Pydantic (vLLM, Mistral, FastAPI servers), OpenAI, zod, serde, Go's decoder, Jackson, Rails.
constexpr std::string_view kPhrases[] = {
    "extra inputs are not permitted",
    "extra_forbidden",
    "extra fields not permitted",
    "unrecognized request argument",
    "unrecognized key",
    "unrecognized field",
    "unknown field",
    "unknown parameter",
    "unknown argument",
    "unknown_parameter",
    "unexpected keyword",
    "unexpected field",
    "unsupported parameter",
    "unsupported_parameter",
    "unpermitted parameter",
    "additional properties are not",
    "additionalproperties",
    "is not a supported parameter",
};

}  // namespace

bool refuses_a_field(int status, std::string_view body) {
  if (status != 400 && status != 422) return false;
  std::string words(body);
  std::transform(words.begin(), words.end(), words.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return std::any_of(std::begin(kPhrases), std::end(kPhrases),
                     [&words](std::string_view phrase) { return words.find(phrase) != std::string::npos; });
}

}  // namespace basin::wire
