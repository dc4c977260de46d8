#include "base/json_writer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "base/json.h"

namespace basin::base::json {
namespace {

TEST(JsonWriter, PlacesCommasAndBrackets) {
  std::string out;
  Writer(out)
      .object()
      .field("a", 1)
      .field("b", "x\n")
      .key("c")
      .array()
      .value(true)
      .null()
      .value(-2)
      .object()
      .end()
      .end()
      .key("d")
      .object()
      .field("e", 0.5)
      .end()
      .key("f")
      .raw("[1,2]")
      .end();
  EXPECT_EQ(out, R"({"a":1,"b":"x\n","c":[true,null,-2,{}],"d":{"e":0.5},"f":[1,2]})");
}

TEST(JsonWriter, NumbersReadBackTheSame) {
  for (const double number : {0.1, 1.0 / 3, 1e300, -5e-324, 123456789.125}) {
    std::string out;
    Writer(out).value(number);
    Document document;
    ASSERT_TRUE(document.parse(out).ok()) << out;
    EXPECT_EQ(document.root().number(), number);
  }
  std::string out;
  Writer(out)
      .array()
      .value(std::nan(""))
      .value(std::numeric_limits<double>::infinity())
      .value(std::numeric_limits<std::uint64_t>::max())
      .value(std::numeric_limits<std::int64_t>::min())
      .end();
  EXPECT_EQ(out, "[null,null,18446744073709551615,-9223372036854775808]");
}

TEST(JsonWriter, AppendsToWhatStands) {
  std::string out = "data: ";
  Writer(out).object().end();
  EXPECT_EQ(out, "data: {}");
}

}  // namespace
}  // namespace basin::base::json
