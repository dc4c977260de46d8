// Any bytes as an upstream's answer: what the client gets keeps its dialect's grammar and ends, streamed and whole, for
// every pair of dialects, and errors become bodies that are JSON.
#include "wire/translated_answer.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "wire/testing_answers.h"

namespace {

using namespace basin;

void require(bool holds) {
  if (!holds) std::abort();
}

void translate(core::Dialect from, core::Dialect to, std::string_view answer) {
  wire::AnswerStyle style{to, 1700000000, answer.size() % 2 == 0, answer.size() % 3 == 0};
  style.free_text_tools = {"say", "rm"};
  wire::AnswerTranslator translator(from, style);
  std::string out;
  translator.feed(answer.substr(0, answer.size() / 2), out);
  translator.feed(answer.substr(answer.size() / 2), out);
  translator.end(out);
  const wire::testing::Told told = wire::testing::told_by(to, out);
  require(told.complaint.empty() && told.ended);
  base::json::Document document;
  wire::AnswerFacts facts;
  if (const auto body = wire::translate_reply(from, answer, style, facts); body.ok()) {
    require(document.parse(*body).ok());
    if (to != core::Dialect::openai_responses) require(wire::read_reply(to, *body).ok());
  }
  const std::string error = wire::translate_error(from, 400, answer, to);
  require(document.parse(error).ok() && document.root().member("error").present());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view answer(reinterpret_cast<const char*>(data), size);
  for (const auto from : {core::Dialect::anthropic, core::Dialect::openai_chat}) {
    for (const auto to : {core::Dialect::anthropic, core::Dialect::openai_chat, core::Dialect::openai_responses}) {
      translate(from, to, answer);
    }
  }
  return 0;
}
