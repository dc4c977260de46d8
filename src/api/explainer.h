// A prompt decided without a server: what `basin explain` shows, `basin score` writes, and the libraries answer.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"
#include "core/decision.h"
#include "geometry/measure.h"
#include "route/options.h"

namespace basin::api {

// Decides for the built-in reference pair: "small", a 3 to 8B instruct model, and "large", a frontier model. Keeps its
// scratch; one per thread.
class Explainer {
 public:
  explicit Explainer(std::shared_ptr<const geometry::Model> model, route::Options options = {});

  // A plain prompt, or a request body of any dialect (a JSON object with "messages" or "input"). Its tip names the part
  // of the ask that made it large (tipping.h), which takes a measuring for each clause.
  base::Result<core::Decision> explain(std::string_view text);
  // One row of JSONL: {"prompt":...}, {"messages":...}, or a request body.
  base::Result<core::Decision> explain_row(base::json::Value row);
  // `bound` is what in the request only its own model can take.
  core::Decision decide(const core::Prompt& prompt, core::Bound bound = core::Bound::none);

  const std::string& weights_sha256() const { return model_->sha256(); }

 private:
  using Decide = core::Decision (Explainer::*)(const core::Prompt&, core::Bound);
  core::Decision decide_and_say_why(const core::Prompt& prompt, core::Bound bound = core::Bound::none);
  base::Result<core::Decision> explain_body(base::json::Value body, Decide decide);

  std::shared_ptr<const geometry::Model> model_;
  route::Options options_;
  geometry::Scratch scratch_;
  geometry::EncoderScratch encoder_scratch_;
  base::json::Document document_, body_document_;
};

}  // namespace basin::api
