#include "geometry/safetensors.h"

#include <gtest/gtest.h>

#include "geometry/file_bytes.h"

namespace basin::geometry {
namespace {

std::string with_length(const std::string& json) {
  std::string out;
  append(out, std::uint64_t{json.size()});
  return out + json;
}

base::Result<SafetensorsReading> read(const std::string& json) {
  const std::string bytes = with_length(json);
  return read_safetensors(bytes, bytes.size());
}

std::string complaint(const std::string& json) {
  const auto reading = read(json);
  return reading.ok() ? "" : reading.error().message;
}

const std::string kTwo =
    R"({"__metadata__":{"format":"pt"},"model.embed.weight":{"dtype":"BF16","shape":[100,8],"data_offsets":[0,1600]},)"
    R"("model.layers.0.mlp.experts.3.up.weight":{"dtype":"BF16","shape":[8,4],"data_offsets":[1600,1664]}})";

TEST(Safetensors, AddsUpItsTensors) {
  const auto reading = read(kTwo);
  ASSERT_TRUE(reading.ok()) << reading.error().message;
  const SafetensorsHead& head = reading->head;
  EXPECT_EQ(head.tensors, 2U);
  EXPECT_EQ(head.parameters, 832U);
  EXPECT_EQ(head.expert_parameters, 32U);
  EXPECT_EQ(head.data_bytes, 1664U);
  EXPECT_EQ(head.end_bytes, 8 + kTwo.size() + 1664);
  EXPECT_EQ(head.type, "BF16");
}

TEST(Safetensors, PackedWeightsAreCountedInBytesAndWhatIsBesideThemIsNot) {
  const auto reading = read(R"({"a.qweight":{"dtype":"I32","shape":[10],"data_offsets":[0,40]},)"
                            R"("a.scales":{"dtype":"F16","shape":[5],"data_offsets":[40,50]},)"
                            R"("a.qzeros":{"dtype":"I32","shape":[1],"data_offsets":[50,54]},)"
                            R"("m.experts.gate_blocks":{"dtype":"U8","shape":[2,3],"data_offsets":[54,60]},)"
                            R"("odd":{"dtype":"F4","shape":[3],"data_offsets":[60,62]}})");
  ASSERT_TRUE(reading.ok()) << reading.error().message;
  EXPECT_EQ(reading->head.packed_bytes, 46U);
  EXPECT_EQ(reading->head.expert_packed_bytes, 6U);
  EXPECT_EQ(reading->head.parameters, 3U);
  EXPECT_EQ(reading->head.data_bytes, 62U);
}

TEST(Safetensors, AsksForWhatIsMissing) {
  const std::string bytes = with_length(kTwo);
  for (std::size_t given = 0; given < bytes.size(); ++given) {
    const auto reading = read_safetensors(std::string_view(bytes).substr(0, given), bytes.size() + 1664);
    ASSERT_TRUE(reading.ok());
    EXPECT_EQ(reading->wanted, given < 8 ? 8 : bytes.size());
    EXPECT_FALSE(read_safetensors(std::string_view(bytes).substr(0, given), given).ok());
  }
}

TEST(Safetensors, HostileHeadsAreRefused) {
  for (const std::uint64_t length : {~std::uint64_t{0}, ~std::uint64_t{0} - 7, kSafetensorsHeadLimit + 1}) {
    std::string bytes;
    append(bytes, length);
    EXPECT_FALSE(read_safetensors(bytes, std::uint64_t{1} << 40U).ok()) << length;
  }
  std::string at_the_limit;
  append(at_the_limit, kSafetensorsHeadLimit);
  EXPECT_EQ(read_safetensors(at_the_limit, std::uint64_t{1} << 40U)->wanted, kSafetensorsHeadLimit + 8);
  EXPECT_NE(complaint("[]"), "");
  EXPECT_NE(complaint("{"), "");
  EXPECT_EQ(complaint("{}"), "");
  const auto tensor = [](const std::string& members) { return complaint("{\"t\":{" + members + "}}"); };
  EXPECT_EQ(tensor(R"("dtype":"F16","shape":[2],"data_offsets":[0,4])"), "");
  EXPECT_EQ(tensor(R"("dtype":"F16","shape":[],"data_offsets":[0,2])"), "");
  EXPECT_NE(tensor(R"("dtype":"F17","shape":[2],"data_offsets":[0,4])"), "");
  EXPECT_NE(tensor(R"("dtype":"F16","shape":[2],"data_offsets":[4,0])"), "");
  EXPECT_NE(tensor(R"("dtype":"F16","shape":[2],"data_offsets":[0,5])"), "");
  EXPECT_NE(tensor(R"("dtype":"F16","shape":[-2],"data_offsets":[0,4])"), "");
  EXPECT_NE(tensor(R"("dtype":"F16","shape":2,"data_offsets":[0,4])"), "");
  EXPECT_NE(tensor(R"("dtype":"F16","shape":[2],"data_offsets":[0])"), "");
  EXPECT_NE(tensor(R"("dtype":"F16","shape":[4294967296,4294967296,4],"data_offsets":[0,0])"), "");
  EXPECT_NE(complaint(R"({"t":3})"), "");
}

}  // namespace
}  // namespace basin::geometry
