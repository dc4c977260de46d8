#include "upstream/credentials.h"

namespace basin::upstream {
namespace {

bool begins_with(std::string_view text, std::string_view prefix) { return text.substr(0, prefix.size()) == prefix; }

}  // namespace

bool is_subscription(std::string_view credential) {
  if (begins_with(credential, "sk-ant-oat")) return true;  // Claude Pro and Max access tokens
  // ChatGPT logins are JSON Web Tokens: three dotted base64url parts, the first of which encodes {"...
  if (!begins_with(credential, "eyJ")) return false;
  const auto first = credential.find('.');
  return first != std::string_view::npos && credential.find('.', first + 1) != std::string_view::npos;
}

std::string_view key_variable(std::string_view vendor) {
  if (vendor == "anthropic") return "ANTHROPIC_API_KEY";
  if (vendor == "openai") return "OPENAI_API_KEY";
  return {};
}

KeyStyle key_style(core::Dialect dialect, std::string_view vendor) {
  const bool anthropic = dialect == core::Dialect::anthropic;
  // The dialect's own vendor takes one of the two; what merely speaks its dialect usually takes a bearer, too.
  return {.api_key_field = anthropic, .bearer = !anthropic || vendor != "anthropic"};
}

VersionField version_field(core::Dialect dialect) {
  if (dialect != core::Dialect::anthropic) return {};
  return {"anthropic-version", "2023-06-01"};
}

}  // namespace basin::upstream
