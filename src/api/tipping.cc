// A sum of hashed words cannot be read by a person; a prompt with a piece left out can. So the ask is measured again
// without each of its clauses in turn, and the smallest change that would have moved the request is named in the
// person's own words. It is a finding about the measure as it stands, second stage included, and no rule of thumb.
//
// This costs a measuring per clause, so that it is done where somebody asks why, and not on every request.
#include "api/tipping.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "base/utf8.h"

namespace basin::api {
namespace {

constexpr std::size_t kLeastWords = 3;    // "please", "and then": no clause that anybody could drop
constexpr double kWeighs = 0.1;           // of P(ok), before a clause is worth naming
constexpr std::size_t kQuotedBytes = 60;  // of a clause in the sentence

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

// Words of text; in a script without spaces two characters count as one.
std::size_t words_in(std::string_view text) {
  std::size_t words = 0, run = 0, wide = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && !is_blank(text[i])) {
      ++run;
      wide += (text[i] & 0x80) != 0;
      continue;
    }
    words += run == 0 ? 0 : std::max<std::size_t>(1, wide / 6);
    run = wide = 0;
  }
  return words;
}

// Whether a clause ends behind the character at `at`.
bool ends_at(std::string_view ask, std::size_t at) {
  constexpr std::string_view kEnds = ".,;:!?\n";
  constexpr std::array<std::string_view, 5> kWide = {"\u3002", "\uff0c", "\uff1f", "\uff01", "\u3001"};
  if (ask[at] == '\n') return true;
  if (kEnds.find(ask[at]) != std::string_view::npos) return at + 1 == ask.size() || is_blank(ask[at + 1]);
  if (at < 2) return false;
  return std::find(kWide.begin(), kWide.end(), ask.substr(at - 2, 3)) != kWide.end();
}

core::Prompt without(const core::Prompt& prompt, std::string_view clause) {
  core::Prompt rest = prompt;
  rest.ask.erase(static_cast<std::size_t>(clause.data() - prompt.ask.data()), clause.size());
  return rest;
}

std::string quoted(std::string_view clause) {
  std::string text;
  for (const char c : clause.substr(0, base::utf8_boundary(clause, std::min(clause.size(), kQuotedBytes))))
    text += is_blank(c) ? ' ' : c;
  return "\"" + text + (text.size() < clause.size() ? "...\"" : "\"");
}

std::string two_places(double value) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "%.2f", value);
  return text.data();
}

}  // namespace

std::vector<std::string_view> clauses_of(std::string_view ask) {
  std::vector<std::string_view> clauses;
  const auto add = [&](std::string_view clause) {
    clause = trimmed(clause);
    if (clause.empty()) return;
    if (!clauses.empty() && (words_in(clause) < kLeastWords || clauses.size() == kMostClauses)) {
      const char* begin = clauses.back().data();
      clauses.back() = {begin, static_cast<std::size_t>(clause.data() + clause.size() - begin)};
    } else {
      clauses.push_back(clause);
    }
  };
  std::size_t begin = 0;
  for (std::size_t at = 0; at < ask.size(); ++at) {
    if (!ends_at(ask, at)) continue;
    add(ask.substr(begin, at + 1 - begin));
    begin = at + 1;
  }
  add(ask.substr(begin));
  return clauses;
}

std::string what_made_it_large(const core::Prompt& prompt, double least,
                               const std::function<double(const core::Prompt&)>& p_ok) {
  const double p = p_ok(prompt);
  const std::vector<std::string_view> clauses = clauses_of(prompt.ask);
  if (p >= least || clauses.size() < 2) return {};
  std::string_view tips, weighs;
  double tipped = 0, best = p;
  for (const std::string_view clause : clauses) {
    const double rest = p_ok(without(prompt, clause));
    if (rest >= least && (tips.empty() || clause.size() < tips.size())) {
      tips = clause;
      tipped = rest;
    }
    if (rest > best) {
      weighs = clause;
      best = rest;
    }
  }
  if (!tips.empty()) return "without " + quoted(tips) + " it would be " + two_places(tipped) + ": small";
  if (best < p + kWeighs) return {};
  return "without " + quoted(weighs) + " it would be " + two_places(best);
}

}  // namespace basin::api
