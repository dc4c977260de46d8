// What a request costs before it is decided: read and taken apart, for bodies of an agent's shape (a long system
// prompt, tool schemas, a history of turns and tool results, one short ask).
#include <benchmark/benchmark.h>

#include <string>

#include "base/json.h"
#include "base/json_writer.h"
#include "prompt/take_apart.h"
#include "wire/client_marks.h"
#include "wire/read_request.h"

namespace {

using namespace basin;
using base::json::Writer;

std::string prose(std::size_t bytes) {
  constexpr std::string_view kLine =
      "The \"quick\" build failed at src/main.cc:42:\n\tundefined reference to `frobnicate(int)'\n";
  std::string text;
  while (text.size() < bytes) text += kLine;
  text.resize(bytes);
  return text;
}

void add_turn(Writer& w, std::size_t result_bytes) {
  w.object().field("role", "user").key("content").array();
  w.object().field("type", "text").field("text", "<system-reminder>\nbe brief\n</system-reminder>").end();
  w.object().field("type", "text").field("text", "run the tests and fix what fails").end().end().end();
  w.object().field("role", "assistant").key("content").array();
  w.object().field("type", "text").field("text", "Running them.").end();
  w.object().field("type", "tool_use").field("id", "toolu_1").field("name", "Bash").key("input").object();
  w.field("command", "make test").end().end().end().end();
  w.object().field("role", "user").key("content").array();
  w.object()
      .field("type", "tool_result")
      .field("tool_use_id", "toolu_1")
      .field("content", prose(result_bytes))
      .end()
      .end()
      .end();
}

// About `bytes` long.
std::string body_of(std::size_t bytes) {
  std::string body;
  Writer w(body);
  w.object().field("model", "a-model").key("messages").array();
  const std::size_t harness = bytes > 20'000 ? 12'000 : bytes / 3;
  while (body.size() + harness + 600 < bytes) add_turn(w, std::min<std::size_t>(4'000, bytes / 4));
  w.object().field("role", "user").field("content", "now summarise what you did in three lines").end().end();
  w.field("system", prose(harness / 2)).key("tools").array();
  w.object()
      .field("name", "Bash")
      .field("description", prose(harness / 2))
      .key("input_schema")
      .object()
      .end()
      .end()
      .end();
  w.field("max_tokens", 32'000).field("stream", true).end();
  return body;
}

void read(benchmark::State& state) {
  const std::string body = body_of(static_cast<std::size_t>(state.range(0)));
  base::json::Document document;
  for (auto _ : state) {
    auto request = wire::read_request(core::Endpoint::messages, body, document);
    benchmark::DoNotOptimize(request);
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(body.size()));
}

void read_and_take_apart(benchmark::State& state) {
  const std::string body = body_of(static_cast<std::size_t>(state.range(0)));
  base::json::Document document;
  for (auto _ : state) {
    const auto request = wire::read_request(core::Endpoint::messages, body, document);
    auto prompt = prompt::take_apart(*request, {}, wire::harness_marks());
    benchmark::DoNotOptimize(prompt);
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(body.size()));
}

BENCHMARK(read)->Arg(1'000)->Arg(100'000)->Arg(5'000'000);
BENCHMARK(read_and_take_apart)->Arg(1'000)->Arg(100'000)->Arg(5'000'000);

}  // namespace

BENCHMARK_MAIN();
