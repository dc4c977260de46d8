#include "lab/jsonl.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <unistd.h>
#include <filesystem>
#include <fstream>

namespace basin::lab {
namespace {

class Jsonl : public ::testing::Test {
 protected:
  Jsonl() : folder_(std::filesystem::temp_directory_path() / ("basin_jsonl_" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(folder_);
  }
  ~Jsonl() override { std::filesystem::remove_all(folder_); }

  std::string file(const std::string& name, std::string_view bytes) const {
    const std::string path = folder_ / name;
    std::ofstream(path, std::ios::binary) << bytes;
    return path;
  }
  std::string gzip(const std::string& name, std::string_view bytes) const {
    const std::string path = folder_ / name;
    gzFile out = gzopen(path.c_str(), "wb");
    gzwrite(out, bytes.data(), static_cast<unsigned>(bytes.size()));
    gzclose(out);
    return path;
  }
  static std::vector<std::string> lines(const std::string& path) {
    std::vector<std::string> all;
    const auto status = for_each_line(path, [&](const Line& line) {
      all.emplace_back(line.too_long ? "too long" : line.text);
      return true;
    });
    if (!status) all.push_back("error: " + status.error().message);
    return all;
  }

  std::filesystem::path folder_;
};

TEST_F(Jsonl, PlainAndGzipGiveTheSameLines) {
  const std::string text = "{\"a\":1}\n\n{\"a\":2}\n{\"a\":3}";
  const std::vector<std::string> expected = {"{\"a\":1}", "{\"a\":2}", "{\"a\":3}"};
  EXPECT_EQ(lines(file("a.jsonl", text)), expected);
  EXPECT_EQ(lines(gzip("a.jsonl.gz", text)), expected);
}

TEST_F(Jsonl, LinesLongerThanTheBufferArriveWhole) {
  const std::string line(700'000, 'x');
  EXPECT_EQ(lines(file("b", line + "\n" + line)), (std::vector<std::string>{line, line}));
}

TEST_F(Jsonl, StopsWhenAsked) {
  int seen = 0;
  ASSERT_TRUE(for_each_line(file("c", "1\n2\n3\n"), [&](const Line&) { return ++seen < 2; }).ok());
  EXPECT_EQ(seen, 2);
}

TEST_F(Jsonl, SaysWhatIsWrongAndWhere) {
  EXPECT_NE(lines(folder_ / "missing").back().find("missing"), std::string::npos);
  std::string path = gzip("d.gz", std::string(100'000, 'y') + "\n");
  std::filesystem::resize_file(path, std::filesystem::file_size(path) - 12);
  EXPECT_NE(lines(path).back().find("d.gz"), std::string::npos);
  const auto status = for_each_row(file("e", "{\"a\":1}\nnope\n"), [](base::json::Value) { return true; });
  ASSERT_FALSE(status.ok());
  EXPECT_NE(status.error().message.find("e:2: "), std::string::npos);
}

TEST_F(Jsonl, EveryLineKnowsItsNumberAndHowFarTheFileIsRead) {
  const std::string text = "a\n\n\r\nb\nc";
  std::vector<std::size_t> numbers;
  ASSERT_TRUE(for_each_line(file("h", text), [&](const Line& line) {
                numbers.push_back(line.number);
                EXPECT_EQ(line.file_bytes, text.size());  // shorter than the buffer
                return true;
              }).ok());
  EXPECT_EQ(numbers, (std::vector<std::size_t>{1, 4, 5}));
}

TEST_F(Jsonl, ALinePastTheLimitIsCutAndTheRestGoesOn) {
  // Highly compressible, so the file stays small: exactly the limit passes, one byte more does not.
  EXPECT_EQ(lines(gzip("f.gz", std::string(kLineLimit, 'z'))).back().size(), kLineLimit);
  EXPECT_EQ(lines(gzip("g.gz", std::string(kLineLimit + 1, 'z') + "\nnext\n")),
            (std::vector<std::string>{"too long", "next"}));
  EXPECT_FALSE(for_each_row(folder_ / "g.gz", [](base::json::Value) { return true; }).ok());
}

}  // namespace
}  // namespace basin::lab
