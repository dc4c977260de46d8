// Models shown: for people as a table that fits their window, for programs as JSON.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_writer.h"
#include "cli/model_rows.h"
#include "cli/terminal.h"

namespace basin::cli {

// A table of so many columns at most (0: as many as it takes): what matters least is left out first, and why a model is
// thought able stands on a line of its own where it does not fit beside the rest.
std::string model_table(const std::vector<ModelRow>& rows, std::size_t width, const Terminal& terminal);

// The numbers of the ABILITY column explained, in one sentence.
std::string ability_legend();

// {"schema":"basin.models/1",...}, everything that is known.
std::string models_json(const std::vector<ModelRow>& rows);

// {"schema":"basin.models/1","reference":...,"models":[ is what both lists of models begin with; `kind` is the
// schema's.
void open_models(base::json::Writer& w, std::string_view kind);
// What is known of a shape, as the members of an object that is open.
void write_shape(base::json::Writer& w, const core::ModelShape& shape);
// "ability":{...} as a member of an object that is open.
void write_ability(base::json::Writer& w, const ModelRow& row);

// The chance of a fine answer to a prompt on which the reference small model's is even; nothing where nobody knows.
std::optional<double> ability_of(const ModelRow& row);
// Why a model is thought as able as it is, or why nobody knows.
std::string ability_why(const ModelRow& row);

}  // namespace basin::cli
