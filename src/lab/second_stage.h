// How the second stage joins the first: fitted on prompts that neither has seen. See second_stage.cc for the method.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "geometry/model.h"
#include "lab/trainer.h"

namespace basin::lab {

// The outputs of encoders by example id, each from one that had not seen the example.
using EncoderRows = std::map<std::string, geometry::EncoderOutputs>;

// Reads lines {"id": ..., "outputs": [17 numbers]}. Errors: those of for_each_line; Code::invalid naming the line.
base::Result<EncoderRows> read_encoder_rows(const std::string& file);

// Most of the prompts that people send that the second stage may be asked about: .30 are promised, .28 leaves room for
// another mix of prompts.
inline constexpr double kSecondStageShare = 0.28;
inline constexpr std::size_t kSecondStageRows = 100;  // fewer tell nothing

// Fits on those of `held_out` that have outputs. `mark` names the encoder that will be asked.
// Errors: Code::invalid when fewer than kSecondStageRows have outputs.
base::Result<geometry::Blend> fit_blend(const std::vector<HeldOutRow>& held_out, const geometry::Head& head,
                                        const EncoderRows& outputs, std::uint64_t mark,
                                        const std::function<void(const std::string&)>& log);

}  // namespace basin::lab
