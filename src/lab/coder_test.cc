#include "lab/coder.h"

#include <gtest/gtest.h>

#include <string>

namespace basin::lab {
namespace {

const std::string kPrompt =
    "The ferry company announced on Tuesday that the night crossing will end in October after 47 years. Passenger "
    "numbers "
    "fell by a third since the tunnel opened, while fuel costs doubled. Eighteen of the 64 crew will move to the day "
    "line.";

TEST(Coder, ACopyCostsLittleAndNewTextCostsAlmostAll) {
  Coder coder;
  const double copy = coder.measure(kPrompt, "Passenger numbers fell by a third since the tunnel opened").new_share();
  const double fresh =
      coder.measure(kPrompt, "Quark confinement follows a linear potential; jets hadronise beyond 2 GeV").new_share();
  EXPECT_LT(copy, 0.35);
  EXPECT_GT(fresh, 0.75);
}

TEST(Coder, AReorderedCopyLiesBetween) {
  Coder coder;
  const double reordered =
      coder.measure(kPrompt, "- fuel costs doubled\n- day line: eighteen crew\n- ends: October").new_share();
  const double fresh =
      coder.measure(kPrompt, "- quark mixing\n- boson mass: heavy gluons\n- spin: vectors").new_share();
  EXPECT_LT(reordered, fresh - 0.15);
}

TEST(Coder, SameBitsEveryTimeWhateverCameBefore) {
  Coder fresh, used;
  used.measure("something else entirely, long enough to train the tables a little", "and its answer");
  EXPECT_EQ(fresh.measure(kPrompt, "ends in October").given_bits, used.measure(kPrompt, "ends in October").given_bits);
}

TEST(Coder, BitsAreSane) {
  Coder coder;
  const CodeLength length = coder.measure("", std::string(2000, 'a'));
  EXPECT_LT(length.alone_bits, 200);  // a run is cheap
  EXPECT_EQ(length.alone_bits, length.given_bits);
  EXPECT_EQ(coder.measure("x", "").new_share(), 0);
  EXPECT_GT(coder.measure("", "q8#Zk!").alone_bits, 30);
}

TEST(Coder, LongTextsAreCutAtTheirLimits) {
  Coder coder;
  const std::string answer(kCodedAnswer, 'b');
  EXPECT_EQ(coder.measure("p", answer).alone_bits, coder.measure("p", answer + "zzzz").alone_bits);
  const std::string prompt =
      std::string(kCodedPrompt / 2, 'x') + std::string(500, 'y') + std::string(kCodedPrompt / 2, 'z');
  EXPECT_GT(coder.measure(prompt, "hello").given_bits, 0);
}

}  // namespace
}  // namespace basin::lab
