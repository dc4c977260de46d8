// Golden decisions: tests/golden/decisions.jsonl holds prompts and the tier each must get. A report that a prompt went
// the wrong way becomes a line there.
#include <gtest/gtest.h>

#include "api/explainer.h"
#include "geometry/builtin.h"
#include "lab/jsonl.h"

namespace basin::cli {
namespace {

TEST(Golden, EveryDecisionStands) {
  api::Explainer explainer(geometry::builtin_model());
  std::size_t rows = 0;
  const auto status = lab::for_each_row(BASIN_SOURCE_DIR "/tests/golden/decisions.jsonl", [&](base::json::Value row) {
    ++rows;
    const auto decision = explainer.explain_row(row);
    EXPECT_TRUE(decision.ok()) << row.raw();
    if (decision) {
      EXPECT_EQ(decision->tier, row.member("tier").string().value_or(""))
          << row.raw() << " P(small ok) " << decision->difficulty.p_small_ok;
    }
    return true;
  });
  EXPECT_TRUE(status.ok());
  EXPECT_GE(rows, 10u);
}

}  // namespace
}  // namespace basin::cli
