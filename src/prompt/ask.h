// The ask separated from the material: which bytes of a person's message say what to do, and which are what it is to be
// done to. Works by structure alone (fences, quotes, line shapes, blank lines, position, punctuation), so it does not
// depend on the language of the prompt. See ask.cc for how.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/prompt.h"

namespace basin::prompt {

// Half-open byte range of the text that was split; never cuts a UTF-8 sequence.
struct Span {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t size() const { return end - begin; }
  friend bool operator==(const Span&, const Span&) = default;
};

// Both lists are in text order, disjoint, without empty spans; to neither belong white space between them and a
// sentence of its own amid lines of another kind, which is no part of the ask and unlike the material. A text with
// anything but white space in it always has an ask: when nothing looks like one, it is the whole text.
struct AskSplit {
  std::vector<Span> ask;
  std::vector<Span> material;
};

// A pasted log of megabytes has its ask at one of its ends: only this much of head and tail is looked at line by line,
// what lies between is material.
inline constexpr std::size_t kSplitWindow = 24 * 1024;
// Past so many blocks within the windows the rest is material too (a file of one-letter paragraphs stays cheap).
inline constexpr std::size_t kBlockLimit = 512;

// Splits one message. Linear in the windows, constant in what lies between them; never fails, any bytes will do.
AskSplit split_ask(std::string_view text);

// The spans' texts joined by newlines, at most limit bytes: where they are longer, the head and the tail are kept (two
// thirds, one third), cut at UTF-8 borders.
std::string join_spans(std::string_view text, const std::vector<Span>& spans, std::size_t limit);

// A prompt that is one plain text: split, with its spans in message 0, block 0.
core::Prompt prompt_of(std::string_view text);

}  // namespace basin::prompt
