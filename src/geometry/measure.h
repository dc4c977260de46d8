// The measurement: a prompt's delta-information, dependency depth, topology and difficulty under a model.
#pragma once

#include "core/difficulty.h"
#include "core/prompt.h"
#include "geometry/encoder.h"
#include "geometry/features.h"
#include "geometry/model.h"

namespace basin::geometry {

// Pure: the same prompt and model give the same bits on every machine. A few microseconds for a kilobyte; the work is
// bounded by core::kAskLimit and core::kMaterialSample for any prompt. scratch is overwritten; one per thread.
core::Difficulty measure(const core::Prompt& prompt, const Model& model, Scratch& scratch);

// Whether the second stage should be asked: the model has an encoder, there is an ask to read, and the first stage's
// P(small) lies where it is unsure.
bool is_unsure(const core::Prompt& prompt, const core::Difficulty& first, const Model& model);

// The first stage's measure joined by what the encoder says of the ask (Encoder::read), as mend() gives it. head and
// blend are those of the model that measured.
core::Difficulty refine(core::Difficulty first, const EncoderOutputs& outputs, const Head& head, const Blend& blend);

// Both stages, for those who may wait: a few milliseconds where the first is unsure.
core::Difficulty measure_in_full(const core::Prompt& prompt, const Model& model, Scratch& scratch,
                                 EncoderScratch& encoder_scratch);

}  // namespace basin::geometry
