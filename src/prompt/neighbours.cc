// Shapes come in runs. A row of a table agrees with its neighbours in its cells, records have keys, entries of a list
// have the same mark or are all short. A run is recognised by counting over a paragraph, and one sentence in it that
// reads like a request must not tip the count: sentences are counted nowhere, and what stands amid a run goes with it.
#include "prompt/neighbours.h"

#include <algorithm>

namespace basin::prompt {
namespace {

constexpr std::size_t kRunOfRecords = 3;    // so many lines of one make are no coincidence
constexpr std::uint16_t kWordsOfAnAsk = 5;  // what stands inside pasted code and has fewer is part of it

// What only neighbours tell: rows of a table agree in their cells; inside a fence everything is material.
void find_fences_and_rows(std::string_view text, std::vector<Line>& lines) {
  char fence = '\0';  // what opened the fence that we are in; only its like closes it
  for (std::size_t i = 0; i < lines.size(); ++i) {
    Line& line = lines[i];
    if (line.shape == LineShape::fence || fence != '\0') {
      if (line.shape == LineShape::fence) {
        const char mark = text[line.span.begin];
        if (fence == '\0' || fence == mark) fence = fence == '\0' ? mark : '\0';
      }
      line.shape = LineShape::data;
      line.fenced = true;
      continue;
    }
    if (line.shape != LineShape::prose) continue;
    const auto agrees = [&](std::size_t j) { return j < lines.size() && lines[j].cells == line.cells; };
    if (line.cells >= 2 && (agrees(i + 1) || agrees(i - 1) || agrees(i + 2) || agrees(i - 2)))
      line.shape = LineShape::data;
    if (line.cells == 1 && (agrees(i + 1) && (agrees(i + 2) || agrees(i - 1))) && line.span.size() < 120)
      line.shape = LineShape::data;
  }
}

// What the lines of one paragraph have in common.
struct Census {
  std::size_t lines = 0, data = 0, keyed = 0;
  std::size_t inner = 0, bare = 0;          // between the first line and the last
  std::size_t marked = 0, marked_bare = 0;  // with the mark of most of them
};

// A sentence of its own neither makes records nor breaks them: it is counted nowhere.
bool is_sentence(const Line& line) {
  return line.shape == LineShape::prose && line.words >= kWordsOfAnAsk && line.closed && !line.keyed &&
         line.mark == '\0';
}

// One line of speech is a sentence; several are what speakers said.
void tell_lone_speech(std::vector<Line>& lines, std::size_t begin, std::size_t end) {
  const auto speaks = [](const Line& line) { return line.speech && line.shape == LineShape::prose; };
  const auto first = lines.begin() + static_cast<std::ptrdiff_t>(begin),
             last = lines.begin() + static_cast<std::ptrdiff_t>(end);
  if (std::count_if(first, last, speaks) != 1) return;
  Line& line = *std::find_if(first, last, speaks);
  line.keyed = false;
  line.closed = true;
}

Census census_of(const std::vector<Line>& lines, std::size_t begin, std::size_t end, char mark) {
  Census census;
  for (std::size_t i = begin; i < end; ++i) {
    const Line& line = lines[i];
    const bool inner = i > begin && i + 1 < end;
    if (inner && is_sentence(line)) continue;
    ++census.lines;
    census.data += line.shape == LineShape::data ? 1 : 0;
    census.keyed += line.keyed ? 1 : 0;
    census.inner += inner ? 1 : 0;
    census.bare += inner && line.bare && line.shape == LineShape::prose ? 1 : 0;
    if (mark == '\0' || line.mark != mark) continue;
    ++census.marked;
    census.marked_bare += line.bare ? 1 : 0;
  }
  return census;
}

// Records, speakers, directives and bare lists come in runs. The first and the last line of a run may still be the ask
// ("sort these" over a list); within, entries are material.
void find_records(std::vector<Line>& lines, std::size_t begin, std::size_t end) {
  if (end - begin < kRunOfRecords) return;
  tell_lone_speech(lines, begin, end);
  const char mark = lines[begin + 1].mark != '\0' ? lines[begin + 1].mark : lines[end - 2].mark;
  const Census census = census_of(lines, begin, end, mark);
  if (census.lines < kRunOfRecords) return;
  const bool mostly_data = census.data * 5 >= census.lines * 2;
  const bool records = mostly_data || (census.keyed >= kRunOfRecords && census.keyed * 2 >= census.lines);
  const bool list = census.bare >= kRunOfRecords && census.bare * 4 >= census.inner * 3;
  const bool marked = census.marked >= kRunOfRecords && census.marked_bare * 2 >= census.marked;
  for (std::size_t i = begin; i < end; ++i) {
    Line& line = lines[i];
    if (line.shape != LineShape::prose) continue;
    const bool first = i == begin, last = i + 1 == end;
    const bool in_row = line.keyed && (!first || line.words < kWordsOfAnAsk || census.keyed >= kRunOfRecords);
    const bool entry = !first && !last && (line.indented || line.words < kWordsOfAnAsk);
    if ((records && (in_row || entry)) || (marked && line.mark == mark) ||
        (list && line.bare && ((!first && !last) || (last && line.words < 3))))
      line.shape = LineShape::data;
  }
}

void look_for_records(std::vector<Line>& lines) {
  for (std::size_t begin = 0; begin < lines.size();) {
    const auto parts = [](const Line& line) { return line.shape == LineShape::blank || line.fenced; };
    std::size_t end = begin;
    while (end < lines.size() && !parts(lines[end])) ++end;
    find_records(lines, begin, end);
    begin = end + 1;
  }
}

bool asks_alone(const Line& line) { return line.words >= kWordsOfAnAsk && line.mark == '\0'; }
bool is_data(const Line& line) { return line.shape != LineShape::prose && line.shape != LineShape::blank; }

// Prose with material directly above and below is no ask, whatever it says: a middle ask is set off on both sides. One
// sentence alone among several such lines is not of their kind either, and is measured as neither.
void set_aside_what_stands_amid(std::vector<Line>& lines) {
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].shape != LineShape::prose) continue;
    std::size_t end = i;
    while (end < lines.size() && lines[end].shape == LineShape::prose) ++end;
    const bool amid = i > 0 && end < lines.size() && is_data(lines[i - 1]) && is_data(lines[end]) &&
                      !(lines[i - 1].fenced && lines[end].fenced);
    // Between two lines alone, tags perhaps, it may be all there is.
    const auto more = [&](std::size_t at) { return at < lines.size() && is_data(lines[at]); };
    const bool alone = end == i + 1 && asks_alone(lines[i]) && !lines[i].indented && (more(i - 2) || more(end + 1));
    if (amid) {
      for (std::size_t j = i; j < end; ++j) {
        lines[j].shape = LineShape::data;
        lines[j].aside = alone;
      }
    }
    i = end;
  }
}

// Lines between blank lines; a fence parts paragraphs too.
struct Paragraph {
  std::size_t begin = 0, end = 0;  // lines
  bool prose = false, data = false;
  bool mixed() const { return prose && data; }
};

std::vector<Paragraph> paragraphs_of(const std::vector<Line>& lines) {
  std::vector<Paragraph> paragraphs;
  bool parted = true, fenced = false;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const Line& line = lines[i];
    parted = parted || line.fenced != fenced;
    fenced = line.fenced;
    if (line.shape == LineShape::blank) {
      parted = true;
      continue;
    }
    if (parted) paragraphs.push_back({i, i});
    paragraphs.back().end = i + 1;
    (is_data(line) ? paragraphs.back().data : paragraphs.back().prose) = true;
    parted = false;
  }
  return paragraphs;
}

// Where a paragraph of prose stands at an end of the text, the ask is there: lines of prose that touch data elsewhere
// ("Dear all," over the figures, "end" under a function) belong to what they touch.
void give_prose_to_data(std::vector<Line>& lines) {
  const std::vector<Paragraph> paragraphs = paragraphs_of(lines);
  if (paragraphs.size() < 2) return;
  const bool asked = !paragraphs.front().data || !paragraphs.back().data;
  if (!asked) return;
  for (std::size_t p = 0; p < paragraphs.size(); ++p) {
    const Paragraph& paragraph = paragraphs[p];
    if (!paragraph.mixed()) continue;
    std::size_t begin = paragraph.begin, end = paragraph.end;
    // the ends of the text may ask as well
    if (p == 0)
      while (!is_data(lines[begin])) ++begin;
    if (p + 1 == paragraphs.size() && !is_data(lines[end - 1]) && is_data(lines[end - 2]) && asks_alone(lines[end - 1]))
      --end;
    for (std::size_t i = begin; i < end; ++i) lines[i].shape = LineShape::data;
  }
}

}  // namespace

void look_around(std::string_view text, std::vector<Line>& lines) {
  find_fences_and_rows(text, lines);
  look_for_records(lines);
  set_aside_what_stands_amid(lines);
  give_prose_to_data(lines);
}

}  // namespace basin::prompt
