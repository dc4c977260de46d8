// What training and evaluation know of a prompt.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "core/difficulty.h"
#include "core/prompt.h"

namespace basin::lab {

struct Example {
  std::string id;
  std::string source;  // whole sources are held out together
  std::string family;
  std::string pair;
  std::string language;    // ISO 639-1, as the row has it in "lang"; may be empty
  std::string row;         // its bytes, where it was read from a row that holds its own text
  std::string group;       // rows over one material: never on both sides of a fold
  std::size_t length = 0;  // bytes of all that the person typed, for the length baseline
  core::Prompt prompt;

  // Targets; what is not known is not trained on.
  std::optional<bool> large;
  double p_small = 0.5;  // REQUIRES large
  std::optional<core::Topology> topology;
  std::optional<double> new_share;  // 0..1
  std::optional<double> new_tokens;
  std::optional<double> steps;  // dependent steps
  // What was measured itself, where it was: the fixed coder's share, the set's own count. Evaluation ranks by these.
  std::optional<double> measured_share, counted_steps;
  bool realistic = false;  // typed by or as by a person, not rendered from a template
};

// A row of a labelled file (docs/geometry.md, "Rows"): prompt or messages, and whatever labels it has.
// Errors: Code::invalid when there is no text to measure.
base::Result<Example> read_example(base::json::Value row);
// The same for labels kept apart from their text.
base::Result<Example> read_example(base::json::Value labels, std::string_view text);

// The prompt of a row, as the program would take it apart; a row may itself be a request body. Errors: as read_example.
base::Result<core::Prompt> read_prompt(base::json::Value row, std::size_t* typed_bytes = nullptr);

// "create_long" and "qa_closed" are spelled in several ways in the data; nothing for names that are no topology.
std::optional<core::Topology> topology_of(std::string_view name);

// The labels 0..3 of GUIDE-style rows on the scales of the model.
double share_of_level(double level);  // .08 .30 .65 .90
double steps_of_level(double level);  // 1 2.5 6 12

}  // namespace basin::lab
