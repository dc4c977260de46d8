// What is publicly known of models: the geometry of open ones, and when a generation came out. See known_models.cc.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace basin::upstream {

// How a model that publishes no geometry is sold: the vendor's best, or its small one.
enum class Sold : std::uint8_t { open, frontier, compact };

// One model, or several that share their geometry.
struct KnownModel {
  std::string_view pattern;     // words of its name, lower case, digits and letters apart: "llama 3 1 8 b"
  std::string_view generation;  // models of one generation share their data and recipe, more or less
  double released = 0;          // year and fraction
  double billions = 0;          // parameters; 0 where the vendor does not say
  double active_billions = 0;   // of them used for one token
  std::uint16_t d_model = 0;    // width of the residual stream
  std::uint16_t layers = 0;
  Sold sold = Sold::open;
  std::string_view source;  // whose public config.json says so; the vendor's announcement for what is not open
};

// The longest pattern whose words stand in a row in the name ("meta-llama/Llama-3.1-8B-Instruct", "llama3.1:8b"), or
// null. Static storage. Errors: none, an unknown name is not wrong.
const KnownModel* known_model(std::string_view name);

}  // namespace basin::upstream
