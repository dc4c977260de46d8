#include "geometry/encoder_file.h"

#include <gtest/gtest.h>

#include <limits>

#include "geometry/testing.h"

namespace basin::geometry {
namespace {

std::string complaint(const std::string& bytes) {
  const auto view = view_encoder(bytes);
  return view ? "" : view.error().message;
}
std::string complaint(const EncoderParts& parts) { return complaint(encode(parts)); }

bool says(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST(EncoderFile, ComesBackAsItWasWritten) {
  const EncoderParts parts = random_encoder(1, 64, 2, 96, 40);
  const std::string bytes = encode(parts);
  const auto view = view_encoder(bytes);
  ASSERT_TRUE(view.ok()) << view.error().message;
  EXPECT_EQ(view->sizes.words, parts.words.size());
  EXPECT_EQ(view->sizes.tokens, 40u);
  EXPECT_EQ(view->sizes.layers, 2u);
  EXPECT_EQ(view->head[5], parts.head[5]);
  EXPECT_EQ(view->positions[77], parts.positions[77]);
  EXPECT_EQ(view->layers[1].stepped.bias[9], parts.layers[1].stepped.bias[9]);
  // The level of output 21 and input 6 of the second layer's step down, where the block layout puts it.
  const Matrix& down = view->layers[1].down;
  EXPECT_EQ(down.levels[16 * down.inputs + (6 / 4) * 64 + (21 - 16) * 4 + 6 % 4],
            parts.layers[1].down.levels[21 * down.inputs + 6]);
}

TEST(EncoderFile, CutAnywhereIsRefused) {
  const std::string bytes = encode(random_encoder(1));
  for (std::size_t n = 0; n < 400; ++n) EXPECT_NE(complaint(bytes.substr(0, n)), "") << n;
  for (std::size_t n = 0; n < bytes.size(); n += 128) EXPECT_NE(complaint(bytes.substr(0, n)), "") << n;
  EXPECT_NE(complaint(bytes + std::string(128, '\0')), "");
}

TEST(EncoderFile, AnyFlippedByteIsNoticed) {
  const std::string bytes = encode(random_encoder(1));
  for (std::size_t at = 0; at < bytes.size(); at += at < 300 || at > bytes.size() - 300 ? 1 : 173) {
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x20);
    EXPECT_NE(complaint(damaged), "") << at;
  }
}

TEST(EncoderFile, SizesAtTheLimitAndOnePastIt) {
  EXPECT_EQ(complaint(random_encoder(1, kEncoderWidth, kEncoderLayers, kEncoderHidden, kEncoderTokens)), "");
  EXPECT_TRUE(says(complaint(random_encoder(1, kEncoderWidth + 32)), "width"));
  EXPECT_TRUE(says(complaint(random_encoder(1, 32, kEncoderLayers + 1)), "layers"));
  EXPECT_TRUE(says(complaint(random_encoder(1, 32, 1, kEncoderHidden + 32)), "hidden"));
  EXPECT_TRUE(says(complaint(random_encoder(1, 32, 1, 64, kEncoderTokens + 1)), "tokens"));
  EXPECT_EQ(complaint(random_encoder(1, 32, 1, 64, 8)), "");
  EXPECT_TRUE(says(complaint(random_encoder(1, 32, 1, 64, 7)), "tokens"));
  EncoderParts parts = random_encoder(1);
  const auto with_words = [&](std::size_t n) {
    while (parts.words.size() < n) parts.words.push_back("w" + std::to_string(parts.words.size()));
    parts.word_scale.resize(n, 0.01f);
    parts.word_levels.resize(n * parts.width);
    return complaint(parts);
  };
  EXPECT_EQ(with_words(kEncoderWords), "");
  EXPECT_TRUE(says(with_words(kEncoderWords + 1), "words"));
}

TEST(EncoderFile, SaysWhatIsWrong) {
  EXPECT_TRUE(says(complaint("not an encoder at all"), "not an encoder file"));
  EncoderParts parts = random_encoder(1);
  std::string other = encode(parts);
  other[8] = 9;
  EXPECT_TRUE(says(complaint(other), "file version 9"));
  parts.layers[0].up.bias[3] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_TRUE(says(complaint(parts), "out of range"));
  parts = random_encoder(1);
  parts.word_scale[0] = 1.5f;
  EXPECT_TRUE(says(complaint(parts), "out of range"));
  std::string shifted(1, 'x');
  shifted += encode(random_encoder(1));
  const auto view = view_encoder(std::string_view(shifted).substr(1));
  EXPECT_TRUE(says(view.error().message, "aligned"));
}

}  // namespace
}  // namespace basin::geometry
