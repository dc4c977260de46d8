// What a vendor says when it refuses or fails, in another vendor's words. Clients act on these words: they wait on one,
// give up on another, and shorten the conversation on a third, so the kind of an error must survive a translation; its
// message stays what the vendor wrote.
#pragma once

#include <string>
#include <string_view>

#include "base/json.h"
#include "core/dialect.h"
#include "wire/context_error.h"

namespace basin::wire {

// A kind of error, as each dialect says it.
struct ErrorWords {
  std::string_view kind;  // ours: Anthropic's type, and "context_length_exceeded", which is only a message there
  std::string_view anthropic_type;
  std::string_view openai_type;
  std::string_view openai_code;  // empty: null
  int status;                    // with which it comes
};

// An error as it was read.
struct VendorError {
  const ErrorWords* words = nullptr;  // never null
  std::string message;                // never empty
  std::string request_id;             // Anthropic's, where it stands in the body
  TooLong figures;                    // for context_length_exceeded
};

// An error body of a server that speaks `from`, or the data of an error event (status 0), in any of the forms that are
// met: {"error":{...}}, {"error":"..."}, {"message"}, {"detail"}, plain text, a proxy's page.
VendorError read_vendor_error(core::Dialect from, int status, std::string_view body);
VendorError read_vendor_error(core::Dialect from, int status, base::json::Value root);

// The row of a kind; nullptr where there is none.
const ErrorWords* words_of_kind(std::string_view kind);

// The message for clients of `to`: the vendor's, behind the words that Anthropic's clients look for where the context
// is too small.
std::string message_for(core::Dialect to, std::string_view kind, std::string_view message, const TooLong& figures);

// The error as a JSON body of the client's dialect. Between OpenAI's two dialects nothing is changed.
std::string translate_error(core::Dialect from, int status, std::string_view body, core::Dialect to);

}  // namespace basin::wire
