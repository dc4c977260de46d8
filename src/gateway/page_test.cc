#include "gateway/page.h"

#include <gtest/gtest.h>

namespace basin::gateway {
namespace {

TEST(Page, TextCannotBecomeMarkup) {
  EXPECT_EQ(escape_html("<script>alert('x')</script> & \"q\""),
            "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;q&quot;");
  EXPECT_EQ(escape_html(""), "");
}

}  // namespace
}  // namespace basin::gateway
