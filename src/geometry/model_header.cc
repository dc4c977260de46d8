#include "geometry/model_header.h"

#include <algorithm>

#include "base/saturating.h"

namespace basin::geometry {
namespace {

using base::saturating_add;
using base::saturating_multiply;

// A double above the largest 64-bit number cannot be cast to one.
std::uint64_t in_bytes(std::uint64_t values, double bytes_per_value) {
  const double bytes = static_cast<double>(values) * bytes_per_value;
  return bytes >= 1.8e19 ? base::kMost : static_cast<std::uint64_t>(bytes);
}

}  // namespace

std::uint64_t kv_cache_bytes(const ModelHeader& header, std::uint64_t tokens, double bytes_per_value) {
  const std::uint64_t in_window = std::min<std::uint64_t>(tokens, header.window);
  return in_bytes(saturating_add(saturating_multiply(header.kv_values, tokens),
                                 saturating_multiply(header.windowed_kv_values, in_window)),
                  bytes_per_value);
}

std::uint64_t kv_bytes_per_token(const ModelHeader& header, double bytes_per_value) {
  return in_bytes(saturating_add(header.kv_values, header.windowed_kv_values), bytes_per_value);
}

double bytes_per_weight(const core::ModelShape& shape) {
  if (shape.parameters == 0) return 0;
  return static_cast<double>(shape.file_bytes) / static_cast<double>(shape.parameters);
}

std::uint64_t active_parameters(const ModelHeader& header) {
  const core::ModelShape& shape = header.shape;
  if (shape.experts == 0 || shape.experts_used == 0 || shape.experts_used >= shape.experts) return shape.parameters;
  const std::uint64_t in_experts = std::min(header.expert_parameters, shape.parameters);
  const double share = static_cast<double>(shape.experts_used) / static_cast<double>(shape.experts);
  return shape.parameters - in_experts + static_cast<std::uint64_t>(static_cast<double>(in_experts) * share);
}

void add_kv_layer(ModelHeader& header, std::uint64_t values, bool windowed) {
  std::uint64_t& sum = windowed ? header.windowed_kv_values : header.kv_values;
  sum = saturating_add(sum, values);
}

}  // namespace basin::geometry
