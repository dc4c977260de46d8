// The measurement: a prompt's delta-information, dependency depth, topology and difficulty under a model.
#pragma once

#include "core/difficulty.h"
#include "core/prompt.h"
#include "geometry/features.h"
#include "geometry/model.h"

namespace basin::geometry {

// Pure: the same prompt and model give the same bits on every machine. A few microseconds for a kilobyte; the work is
// bounded by core::kAskLimit and core::kMaterialSample for any prompt. scratch is overwritten; one per thread.
core::Difficulty measure(const core::Prompt& prompt, const Model& model, Scratch& scratch);

}  // namespace basin::geometry
