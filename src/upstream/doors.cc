// What servers of 2026 answer to POST {} at an endpoint of theirs, and where there is none:
//
//               has it                                           has it not
//   Ollama      400 "model is required", 400 "[] is too short",  404 "404 page not found"
//               404 "model '' not found" (/v1/responses)
//   llama.cpp   400 or 500 "'messages' is required"; a router    404 "File Not Found"
//               400 or 404 "model ... not found"
//   vLLM        400, 422, 404 "The model `` does not exist"      404 {"detail":"Not Found"}, 405
//   LM Studio   400 "'messages' field is required"               200 {"error":"Unexpected endpoint or method. ..."}
//
// So neither 404 nor 200 says it alone: a 404 that speaks of a model came from behind the door, and a 200 to an empty
// object is an answer only if it is not an error in words. A server that wants a key says 401 to every path, so 401
// says nothing.
#include "upstream/doors.h"

#include <algorithm>
#include <cctype>
#include <string_view>

#include "base/json.h"

namespace basin::upstream {
namespace {

struct Place {
  core::Dialect dialect;
  std::string_view path;
};
constexpr Place kPlaces[] = {{core::Dialect::anthropic, "/v1/messages"},
                             {core::Dialect::openai_chat, "/v1/chat/completions"},
                             {core::Dialect::openai_responses, "/v1/responses"}};

bool speaks_of_a_model(std::string_view body) {
  constexpr std::string_view kWord = "model";
  return std::search(body.begin(), body.end(), kWord.begin(), kWord.end(),
                     [](unsigned char a, unsigned char b) { return std::tolower(a) == b; }) != body.end();
}

// A JSON object without an error in it: pages for browsers answer everything with 200 too.
bool is_an_answer(std::string_view body) {
  base::json::Document document;
  if (!document.parse_copy(body).ok()) return false;
  return document.root().is(base::json::Kind::object) && !document.root().member("error").present();
}

}  // namespace

Door door_in(const Probe& answer) {
  switch (answer.status) {
    case 401:
    case 403: return Door::locked;
    case 404: return speaks_of_a_model(answer.body) ? Door::open : Door::absent;
    case 405:
    case 501: return Door::absent;
    case 200: return is_an_answer(answer.body) ? Door::open : Door::absent;
    default: return Door::open;
  }
}

Doors doors_of(const std::string& base_url, const std::vector<std::pair<std::string, std::string>>& fields,
               const Prober& ask) {
  Doors doors;
  for (const Place& place : kPlaces) {
    const auto answer =
        ask({.method = "POST", .url = base_url + std::string(place.path), .body = "{}", .fields = fields});
    const Door door = answer ? door_in(*answer) : Door::absent;
    if (door == Door::open) doors.open.push_back(place.dialect);
    doors.locked |= door == Door::locked;
  }
  return doors;
}

}  // namespace basin::upstream
