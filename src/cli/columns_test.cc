#include "cli/columns.h"

#include <gtest/gtest.h>

namespace basin::cli {
namespace {

TEST(Columns, AreAsWideAsTheirWidestCellInCodePoints) {
  const config::Environment nothing{config::Environment::Variables{}};
  const Terminal plain(-1, Color::never, nothing);
  EXPECT_EQ(columns({{"A", "NAME", "END"}, {"1", "näm", "x"}, {"22", "longer", "yy"}}, plain),
            "A   NAME    END\n"
            "1   näm     x\n"
            "22  longer  yy\n");
  EXPECT_EQ(columns({}, plain), "");
  const Terminal colored(-1, Color::always, nothing);
  EXPECT_EQ(columns({{"A"}, {"b"}}, colored), "\x1b[2mA\x1b[0m\nb\n");
}

}  // namespace
}  // namespace basin::cli
