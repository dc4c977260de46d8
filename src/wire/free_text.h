// The text of a call whose tool takes free text, read out of the arguments with which a model calls it.
//
// Some clients offer tools that are called with a text and not with JSON (a patch, a query). A model behind a
// translation is offered a function of {"input": text} instead; here its arguments become the text again, while they
// arrive: an edit of a thousand lines is seen to grow. What has been said cannot be taken back, so that arguments which
// begin as they should are the text of `input` however they go on, and where they are cut, as much of it as there is.
// All others are known at their end: an `input` that does not stand first counts, and where there is none, the client
// gets the arguments as they are and can tell its model what is wrong with them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace basin::wire {

// One per call. The text is the same in whatever pieces the arguments come. Holds back a part of an escape; of
// arguments that begin otherwise, all of them (at most kAnswerLimit, wire/event_sink.h).
class FreeTextReader {
 public:
  // The arguments' next piece, no character split; appends what is known of the text by it.
  void feed(std::string_view arguments, std::string& text);
  // There are no more; appends the rest.
  void end(std::string& text);

 private:
  enum class State : std::uint8_t { before, inside, over, other };
  void take_lead(std::string_view& piece);

  State state_ = State::before;
  std::size_t lead_ = 0;  // how much of {"input":" has come
  std::string held_;      // not yet said
};

// The text of a call that is there as a whole.
std::string free_text_of(std::string_view arguments);

}  // namespace basin::wire
