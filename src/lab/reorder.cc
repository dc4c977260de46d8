// Everything here turns the pieces of a span round and leaves what stands between them where it is, so that commas,
// line ends and indentation stay right.
#include "lab/reorder.h"

#include <algorithm>
#include <set>
#include <vector>

#include "lab/material_lines.h"
#include "lab/typed_text.h"

namespace basin::lab {
namespace {

using base::json::Elements;
using base::json::Kind;
using base::json::Members;
using base::json::Value;

struct Piece {
  std::size_t begin = 0, end = 0;
};

// REQUIRES: pieces are disjoint and in order. Gives [begin, end) of the text with them turned round.
std::string turned_round(std::string_view text, Piece span, const std::vector<Piece>& pieces) {
  std::string out;
  std::size_t at = span.begin;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const Piece& other = pieces[pieces.size() - 1 - i];
    out.append(text.substr(at, pieces[i].begin - at)).append(text.substr(other.begin, other.end - other.begin));
    at = pieces[i].end;
  }
  return out.append(text.substr(at, span.end - at));
}

// The members of an object, from key to value, in the bytes of `text`, where the document began at `base`.
std::vector<Piece> members_of(Value object, std::string_view text) {
  std::vector<Piece> pieces;
  for (Members members(object); members.next();) {
    const auto key = static_cast<std::size_t>(members.raw_key().data() - text.data());
    const Value value = members.value();
    pieces.push_back({key - 1, static_cast<std::size_t>(value.raw().data() - text.data()) + value.raw().size()});
  }
  return pieces;
}

// A whole JSON object that begins at text[at]: itself with its members turned round.
std::optional<std::string> turned_object(std::string_view text, Piece span) {
  base::json::Document document;
  const std::string object(text.substr(span.begin, span.end - span.begin));
  if (!document.parse(object)) return std::nullopt;
  const std::vector<Piece> pieces = members_of(document.root(), object);
  if (pieces.size() < 2) return std::nullopt;
  return turned_round(object, {0, object.size()}, pieces);
}

std::string_view of(std::string_view text, const MaterialLine& line) {
  return text.substr(line.begin, line.end - line.begin);
}

// "Key: value" without an indent: the key; empty when it is something else.
std::string_view key_of(std::string_view line) {
  const std::size_t colon = line.find(": ");
  if (colon == std::string_view::npos || colon == 0 || colon > 24 || line[0] == ' ' || line[0] == '\t') return {};
  const std::string_view key = line.substr(0, colon);
  return key.find_first_of("\"'{}[](),;?!<>") == std::string_view::npos ? key : std::string_view();
}

char delimiter_of(std::string_view line) {
  for (const char mark : {'\t', ';', '|', ','}) {
    if (std::count(line.begin(), line.end(), mark) >= 2) return mark;
  }
  return '\0';
}

// The cells of a row, without the white space around them.
std::vector<Piece> cells_of(std::string_view text, const MaterialLine& line, char delimiter) {
  std::vector<Piece> cells;
  for (std::size_t at = line.begin; at <= line.end;) {
    const std::size_t stop = std::min(text.find(delimiter, at), line.end);
    Piece cell{at, stop};
    while (cell.begin < cell.end && text[cell.begin] == ' ') ++cell.begin;
    while (cell.end > cell.begin && (text[cell.end - 1] == ' ' || text[cell.end - 1] == '\r')) --cell.end;
    cells.push_back(cell);
    at = stop + 1;
  }
  // "| a | b |" begins and ends with a delimiter
  std::erase_if(cells, [](const Piece& cell) { return cell.begin == cell.end; });
  return cells;
}

class Reorderer {
 public:
  explicit Reorderer(std::string_view text) : text_(text), lines_(material_lines(text)) {}

  std::optional<std::string> run() {
    for (std::size_t i = 0; i < lines_.size();) {
      const std::size_t end = std::max({object(i), keys(i), table(i)});
      i = std::max(end, i + 1);
    }
    if (!changed_) return std::nullopt;
    return out_.append(text_.substr(at_));
  }

 private:
  // Each looks for its own kind from line i on, writes it anew, and gives the line behind it; i when it is not there.
  std::size_t object(std::size_t i) {
    if (!of(text_, lines_[i]).starts_with('{')) return i;
    for (std::size_t end = i; end < lines_.size() && end < i + kLongestObject; ++end) {
      if (!of(text_, lines_[end]).ends_with('}')) continue;
      const auto turned = turned_object(text_, {lines_[i].begin, lines_[end].end});
      if (!turned) continue;
      write({lines_[i].begin, lines_[end].end}, *turned);
      return end + 1;
    }
    return i;
  }

  std::size_t keys(std::size_t i) {
    std::set<std::string_view> keys;
    std::vector<Piece> pieces;
    std::size_t end = i;
    for (; end < lines_.size() && (end == i || lines_[end].goes_on); ++end) {
      const std::string_view key = key_of(of(text_, lines_[end]));
      if (key.empty() || !keys.insert(key).second) break;
      pieces.push_back({lines_[end].begin, lines_[end].end});
    }
    if (pieces.size() < kRun) return i;
    const Piece span{pieces.front().begin, pieces.back().end};
    write(span, turned_round(text_, span, pieces));
    return end;
  }

  std::size_t table(std::size_t i) {
    const char delimiter = delimiter_of(of(text_, lines_[i]));
    if (delimiter == '\0') return i;
    std::vector<std::vector<Piece>> rows;
    std::size_t end = i;
    for (; end < lines_.size() && (end == i || lines_[end].goes_on); ++end) {
      if (of(text_, lines_[end]).find('"') != std::string_view::npos) break;
      rows.push_back(cells_of(text_, lines_[end], delimiter));
      if (rows.back().size() != rows.front().size()) break;
    }
    if (end - i < kRun) return i;
    for (std::size_t row = i; row < end; ++row) {
      const Piece span{lines_[row].begin, lines_[row].end};
      write(span, turned_round(text_, span, rows[row - i]));
    }
    return end;
  }

  void write(Piece span, std::string_view anew) {
    changed_ = changed_ || text_.substr(span.begin, span.end - span.begin) != anew;
    out_.append(text_.substr(at_, span.begin - at_)).append(anew);
    at_ = span.end;
  }

  static constexpr std::size_t kRun = 3, kLongestObject = 200;  // lines

  std::string_view text_;
  std::vector<MaterialLine> lines_;
  std::string out_;
  std::size_t at_ = 0;  // of text_, up to which out_ is written
  bool changed_ = false;
};

// A request body with its own keys and those of its messages turned round.
std::string body_turned_round(std::string_view body) {
  base::json::Document document;
  if (!document.parse(body)) return std::string(body);
  std::string out;
  std::size_t at = 0;
  for (Elements messages(document.root().member("messages")); messages.next();) {
    const Value message = messages.value();
    const Piece span{message.offset(), message.offset() + message.raw().size()};
    out.append(body.substr(at, span.begin - at)).append(turned_round(body, span, members_of(message, body)));
    at = span.end;
  }
  out.append(body.substr(at));
  if (!document.parse(out)) return std::string(body);
  return turned_round(out, {0, out.size()}, members_of(document.root(), out));
}

}  // namespace

std::optional<std::string> with_fields_reordered(std::string_view text) { return Reorderer(text).run(); }

std::optional<std::string> row_with_fields_reordered(Value row) {
  const auto typed = typed_text(row);
  if (!typed) return std::nullopt;
  const auto text = with_fields_reordered(typed->text);
  std::string anew = text ? with_text(row.raw(), *typed, *text) : std::string(row.raw());
  if (!row.member("messages").is(Kind::array)) return text ? std::optional(std::move(anew)) : std::nullopt;
  return body_turned_round(anew);
}

}  // namespace basin::lab
