// A placement: one place where a request can go, and what its body becomes there. A request that was decided has a few
// of them, in the order in which they are tried; most never need the second.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "core/decision.h"
#include "core/dialect.h"
#include "core/request.h"
#include "upstream/catalogue.h"
#include "wire/thinking.h"

namespace basin::gateway {

// A tier's model, or the client's own, at a server. The snapshot keeps the server alive.
struct Placement {
  std::string tier;   // "client": the client's own model
  std::string model;  // what the body shall name; empty: the body stays as it is
  const upstream::Server* server = nullptr;
  const upstream::Tier* setting = nullptr;           // the tier's settings; null for the client's own model
  std::uint32_t context = 0;                         // tokens in force; 0: nobody knows
  core::Dialect dialect = core::Dialect::anthropic;  // what is spoken there; another than the client's: translated
};

// What a body becomes: the client's own bytes but for the edits, or a translation of all of it.
struct Composed {
  std::vector<core::Edit> edits;
  bool usage_added = false;  // the answer holds a chunk of usage that the client did not ask for
  bool translated = false;
  bool oldest_fields = false;                // the translation keeps to them
  std::string body;                          // of a translation
  std::vector<std::string> dropped;          // what a translation left out, by name
  bool stream_usage = false;                 // a chat client asked for the usage at its stream's end
  std::vector<std::string> free_text_tools;  // see wire::TranslatedRequest
};

// The dialect in which a server is spoken to by clients of `dialect`: their own wherever it has it, else one that the
// request can be translated into, else none. Counting and embeddings are never translated.
std::optional<core::Dialect> spoken_at(const upstream::Server& server, core::Dialect dialect, core::Endpoint endpoint);

// What else a body depends on at one place.
struct Circumstances {
  std::span<const wire::ThinkingBlock> foreign;  // thinking in the request that this place would refuse, in body order
  bool moved = false;                            // another model answered the conversation's last request
  bool oldest_fields = false;                    // the server refuses fields that it has not heard of
};

// `scratch` is reused.
// Errors: unsupported, naming the field that this place cannot take.
base::Result<Composed> compose(const core::Request& request, const Placement& placement,
                               const Circumstances& circumstances, base::json::Document& scratch);

}  // namespace basin::gateway
