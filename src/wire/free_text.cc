#include "wire/free_text.h"

#include <algorithm>

#include "base/json.h"

namespace basin::wire {
namespace {

constexpr std::string_view kLead = "{\"input\":\"";

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

// White space may stand everywhere in the lead but within the name.
bool space_may_stand(std::size_t lead) { return lead <= 1 || lead >= kLead.size() - 2; }

// \uD800 to \uDBFF, which mean something only together with the escape behind them, \uDC00 to \uDFFF.
bool is_half(std::string_view escape, std::string_view third) {
  return (escape[2] == 'd' || escape[2] == 'D') && third.find(escape[3]) != std::string_view::npos;
}
bool is_first_half(std::string_view escape) { return is_half(escape, "89abAB"); }
bool is_second_half(std::string_view escape) { return is_half(escape, "cdefCDEF"); }

// The bytes of the escape at the front, up to the first that cannot be in it; 0: its end has not come.
std::size_t escape_size(std::string_view text) {
  if (text.size() < 2) return 0;
  if (text[1] != 'u') return 2;
  for (std::size_t i = 2; i < 6; ++i) {
    if (i == text.size()) return 0;
    if (!is_hex(text[i])) return i;
  }
  return 6;
}

// As above; a pair of halves is one.
std::size_t unit_size(std::string_view text) {
  const std::size_t size = escape_size(text);
  if (size != 6 || !is_first_half(text)) return size;
  const std::string_view rest = text.substr(6);
  if (rest.empty()) return 0;
  if (rest.front() != '\\') return 6;
  const std::size_t next = escape_size(rest);
  if (next == 0) return 0;
  return next == 6 && is_second_half(rest) ? 12 : 6;
}

// Models write line breaks and backslashes as they are at times: what is no escape stays as it was written.
void say_escape(std::string_view escape, std::string& text) {
  const std::size_t before = text.size();
  if (base::json::unescape(escape, text)) return;
  text.resize(before);
  text += escape;
}

// Takes what can be said from the front of the inside of a string. True: the string has ended.
bool take_string(std::string_view& raw, std::string& text) {
  while (!raw.empty()) {
    if (raw.front() == '"') return true;
    if (raw.front() != '\\') {
      const std::size_t run = std::min(raw.find_first_of("\"\\"), raw.size());
      text += raw.substr(0, run);
      raw.remove_prefix(run);
      continue;
    }
    const std::size_t size = unit_size(raw);
    if (size == 0) return false;
    say_escape(raw.substr(0, size), text);
    raw.remove_prefix(size);
  }
  return false;
}

// Of arguments that do not begin with `input`; {} says nothing.
std::string text_of_whole(std::string_view arguments) {
  base::json::Document document;
  if (!document.parse(arguments).ok() || !document.root().is(base::json::Kind::object)) return std::string(arguments);
  if (auto input = document.root().member("input").string()) return *std::move(input);
  base::json::Members members(document.root());
  return members.next() ? std::string(arguments) : std::string();
}

}  // namespace

void FreeTextReader::take_lead(std::string_view& piece) {
  while (!piece.empty() && state_ == State::before) {
    const char c = piece.front();
    if (c == kLead[lead_]) {
      ++lead_;
    } else if (!is_space(c) || !space_may_stand(lead_)) {
      state_ = State::other;
      return;
    }
    held_ += c;
    piece.remove_prefix(1);
    if (lead_ < kLead.size()) continue;
    state_ = State::inside;
    held_.clear();
  }
}

void FreeTextReader::feed(std::string_view arguments, std::string& text) {
  take_lead(arguments);
  if (state_ == State::over) return;
  held_ += arguments;
  if (state_ != State::inside) return;
  std::string_view raw = held_;
  if (take_string(raw, text)) {
    state_ = State::over;
    raw = {};
  }
  held_.erase(0, held_.size() - raw.size());
}

void FreeTextReader::end(std::string& text) {
  if (state_ == State::before || state_ == State::other) text += text_of_whole(held_);
}

std::string free_text_of(std::string_view arguments) {
  FreeTextReader reader;
  std::string text;
  reader.feed(arguments, text);
  reader.end(text);
  return text;
}

}  // namespace basin::wire
