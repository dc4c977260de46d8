#include "bench/prompt_rows.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "base/json.h"
#include "base/json_writer.h"
#include "base/utf8.h"

namespace basin::bench {
namespace {

using base::json::Elements;
using base::json::Kind;
using base::json::Value;
using base::json::Writer;

constexpr std::string_view kAsk = "Say in five points what these notes are about, and which of them need an answer.";

// {"prompt"} or {"messages"}; the other fields are labels, which a client does not send.
PromptRow row_of(Value value) {
  PromptRow row;
  row.large = value.member("tier").raw_string() == "large";
  Writer w(row.body);
  w.object().field("model", "a-model").field("max_tokens", 1024).key("messages");
  if (const Value messages = value.member("messages"); messages.is(Kind::array)) {
    for (Elements each(messages); each.next();) row.text = each.value().member("content").string().value_or(row.text);
    w.raw(messages.raw());
  } else {
    row.text = value.member("prompt").string().value_or("");
    w.array().object().field("role", "user").field("content", row.text).end().end();
  }
  w.end();
  return row;
}

// `bytes` of the rows' texts, one after the other, from another place for each number.
std::string texts_of(std::size_t bytes, std::size_t number, const std::vector<PromptRow>& rows) {
  std::string text;
  for (std::size_t i = number * 37; text.size() < bytes; ++i) (text += rows[i % rows.size()].text) += "\n\n";
  text.resize(base::utf8_boundary(text, bytes));
  return text;
}

void add_turn(Writer& w, const std::string& ask, const std::string& result) {
  w.object().field("role", "user").field("content", ask).end();
  w.object().field("role", "assistant").key("content").array();
  w.object().field("type", "tool_use").field("id", "toolu_1").field("name", "Bash").key("input").object();
  w.field("command", "make test").end().end().end().end();
  w.object().field("role", "user").key("content").array();
  w.object().field("type", "tool_result").field("tool_use_id", "toolu_1").field("content", result).end().end().end();
}

std::string history_of(std::size_t bytes, std::size_t number, const std::vector<PromptRow>& rows) {
  const std::size_t system = std::min<std::size_t>(bytes / 4, 24'000), result = std::min<std::size_t>(bytes / 8, 4'000);
  std::string body;
  Writer w(body);
  w.object().field("model", "a-model").field("system", texts_of(system, number, rows)).key("messages").array();
  for (std::size_t turn = 0; body.size() + result + 400 < bytes; ++turn)
    add_turn(w, "run the tests again", texts_of(result, number + turn, rows));
  w.object().field("role", "assistant").field("content", "They pass.").end();
  w.object().field("role", "user").field("content", "now summarise what you did in three lines").end().end();
  w.field("max_tokens", 32'000).field("stream", true).end();
  return body;
}

}  // namespace

std::vector<PromptRow> read_rows(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".jsonl") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  std::vector<PromptRow> rows;
  base::json::Document document;
  for (const auto& file : files) {
    std::ifstream lines(file);
    for (std::string line; std::getline(lines, line);) {
      if (document.parse(line).ok()) rows.push_back(row_of(document.root()));
    }
  }
  std::erase_if(rows, [](const PromptRow& row) { return row.text.empty(); });
  if (rows.empty()) {
    std::fprintf(stderr, "no prompts in %s\n", folder.c_str());
    std::exit(2);
  }
  return rows;
}

std::string_view name_of(BodyShape shape) {
  switch (shape) {
    case BodyShape::pasted: return "one message, pasted";
    case BodyShape::history: return "an agent's history";
    case BodyShape::line: return "one line";
  }
  return "";
}

std::string make_body(BodyShape shape, std::size_t bytes, std::size_t number, const std::vector<PromptRow>& rows) {
  if (shape == BodyShape::history) return history_of(bytes, number, rows);
  const std::size_t others = 150;  // what a body holds beside the text
  std::string text = std::string(kAsk) + "\n\n" + texts_of(bytes - std::min(bytes, others + kAsk.size()), number, rows);
  if (shape == BodyShape::line) std::replace(text.begin(), text.end(), '\n', ' ');
  std::string body;
  Writer w(body);
  w.object().field("model", "a-model").field("max_tokens", 1024).key("messages").array();
  w.object().field("role", "user").field("content", text).end().end().end();
  return body;
}

}  // namespace basin::bench
