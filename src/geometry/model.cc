// The weight file, little-endian, no padding:
//
//   magic "basin.w\n" | u32 file version | u32 feature version | u32 rows | u32 columns | u32 bands
//   f32 scale[columns] | f32 bias[columns] | f32 info slope, depth slope, bias
//   bands x { f32 up_to, low, high; u32 n } | the forests of dI and of D (forest.h)
//   version 2 only, the second stage: u64 encoder mark | f32 low, high, first, encoder, offset, info, depth, topology
//                                     u32 bands | bands as above
//   rows x columns x i8 | u64 checksum of all before it
//
// Any table is a valid table, so nothing a file can say makes measure() read outside it; what is checked is that sizes
// agree, numbers are finite and in order, and nothing was cut or flipped on the way.
#include "geometry/model.h"

#include <cmath>
#include <cstring>

#include "base/sha256.h"
#include "geometry/file_bytes.h"

namespace basin::geometry {
namespace {

constexpr std::string_view kMagic = "basin.w\n";
constexpr std::uint32_t kFileVersion = 1;       // one stage
constexpr std::uint32_t kTwoStagesVersion = 2;  // two

static_assert(sizeof(Row) == kColumns);

base::Error bad(std::string what) { return base::fail(base::Code::invalid, "weights: " + std::move(what)); }

std::uint64_t checksum(std::string_view bytes) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  std::size_t at = 0;
  for (; at + 8 <= bytes.size(); at += 8) {
    std::uint64_t word;
    std::memcpy(&word, bytes.data() + at, 8);
    hash = (hash ^ word) * 0x9e3779b97f4a7c15ULL;
    hash ^= hash >> 29;
  }
  for (; at < bytes.size(); ++at) hash = (hash ^ static_cast<unsigned char>(bytes[at])) * 0x100000001b3ULL;
  return hash;
}

bool sane(float value) { return std::isfinite(value) && value > -1e6f && value < 1e6f; }

base::Status check_bands(const std::vector<Band>& bands) {
  for (std::size_t i = 0; i < bands.size(); ++i) {
    const Band& band = bands[i];
    if (!(band.low >= 0 && band.low <= band.high && band.high <= 1)) return bad("a band's interval is not one");
    if (std::isnan(band.up_to) || (i > 0 && !(band.up_to > bands[i - 1].up_to))) return bad("bands are not in order");
  }
  return base::ok_status();
}

std::vector<Band> take_bands(Reader& reader, std::uint32_t count) {
  std::vector<Band> bands(count);
  for (Band& band : bands) {
    band.up_to = reader.take<float>();
    band.low = reader.take<float>();
    band.high = reader.take<float>();
    band.n = reader.take<std::uint32_t>();
  }
  return bands;
}

bool is_share(float value) { return value >= 0 && value <= 1; }

base::Result<Blend> take_blend(Reader& reader) {
  Blend blend;
  blend.encoder_mark = reader.take<std::uint64_t>();
  for (float* value : {&blend.low, &blend.high, &blend.first, &blend.encoder, &blend.offset, &blend.info, &blend.depth,
                       &blend.topology})
    *value = reader.take<float>();
  const auto bands = reader.take<std::uint32_t>();
  if (bands == 0 || bands > kBandLimit) return bad("no bands of a second stage, or more than 64");
  blend.bands = take_bands(reader, bands);
  if (!reader.ok()) return bad("cut short");
  if (auto checked = check_bands(blend.bands); !checked) return checked.error();
  for (const float share : {blend.low, blend.high, blend.info, blend.depth, blend.topology}) {
    if (!is_share(share)) return bad("a share of the second stage is not within 0 and 1");
  }
  if (!sane(blend.first) || !sane(blend.encoder) || !sane(blend.offset) || blend.first < 0 || blend.encoder < 0)
    return bad("a slope of the second stage is negative or not a number");
  return blend;
}

void append_bands(std::string& out, const std::vector<Band>& bands) {
  for (const Band& band : bands) {
    append(out, band.up_to);
    append(out, band.low);
    append(out, band.high);
    append(out, band.n);
  }
}

void append_blend(std::string& out, const Blend& blend) {
  append(out, blend.encoder_mark);
  for (const float value :
       {blend.low, blend.high, blend.first, blend.encoder, blend.offset, blend.info, blend.depth, blend.topology})
    append(out, value);
  append(out, static_cast<std::uint32_t>(blend.bands.size()));
  append_bands(out, blend.bands);
}

}  // namespace

base::Status Model::read(std::string_view bytes) {
  if (!bytes.starts_with(kMagic)) return bad("not a weight file");
  Reader reader(bytes.substr(kMagic.size()));
  const auto file_version = reader.take<std::uint32_t>();
  const auto feature_version = reader.take<std::uint32_t>();
  const auto rows = reader.take<std::uint32_t>(), columns = reader.take<std::uint32_t>(),
             bands = reader.take<std::uint32_t>();
  if (!reader.ok()) return bad("cut short");
  if (file_version != kFileVersion && file_version != kTwoStagesVersion)
    return bad("file version " + std::to_string(file_version) + ", this program reads 1 and 2");
  if (feature_version != kFeatureVersion)
    return bad("made for another version of the features (" + std::to_string(feature_version) + ", this program has " +
               std::to_string(kFeatureVersion) + "): train again with `basin train`, or use the built-in ones");
  if (rows != kRows || columns != kColumns) return bad("a table of another size");
  if (bands == 0 || bands > kBandLimit) return bad("no bands, or more than " + std::to_string(kBandLimit));
  for (float& value : scale_) value = reader.take<float>();
  for (float& value : bias_) value = reader.take<float>();
  head_ = {reader.take<float>(), reader.take<float>(), reader.take<float>()};
  for (std::size_t i = 0; i < kColumns; ++i) {
    if (!sane(scale_[i]) || !sane(bias_[i])) return bad("a scale or bias is not a number");
  }
  if (!sane(head_.info_slope) || !sane(head_.depth_slope) || !sane(head_.bias) || head_.info_slope < 0 ||
      head_.depth_slope < 0)
    return bad("a slope is negative or not a number");
  bands_ = take_bands(reader, bands);
  if (auto checked = check_bands(bands_); !checked) return checked;
  for (Forest* forest : {&forests_.info, &forests_.depth}) {
    auto taken = take_forest(reader);
    if (!reader.ok()) return bad("cut short");
    if (!taken) return taken.error();
    *forest = std::move(*taken);
  }
  if (file_version == kTwoStagesVersion) {
    auto blend = take_blend(reader);
    if (!blend) return blend.error();
    blend_ = std::move(*blend);
  }
  if (!reader.ok() || reader.left() != std::size_t{rows} * columns + 8)
    return bad("cut short, or longer than its header says");
  std::uint64_t stated;
  std::memcpy(&stated, bytes.data() + bytes.size() - 8, 8);
  if (stated != checksum(bytes.substr(0, bytes.size() - 8)))
    return bad("the checksum does not match: the file was damaged");
  rows_ = reinterpret_cast<const Row*>(reader.bytes().data());
  return base::ok_status();
}

base::Result<std::shared_ptr<const Model>> Model::load(std::string bytes) {
  auto model = std::make_shared<Model>();
  model->owned_ = std::make_shared<const std::string>(std::move(bytes));
  if (auto status = model->read(*model->owned_); !status) return status.error();
  model->sha256_ = base::sha256_hex(*model->owned_);
  return std::shared_ptr<const Model>(std::move(model));
}

base::Result<std::shared_ptr<const Model>> Model::view(std::string_view bytes, std::string sha256) {
  auto model = std::make_shared<Model>();
  if (auto status = model->read(bytes); !status) return status.error();
  model->sha256_ = std::move(sha256);
  return std::shared_ptr<const Model>(std::move(model));
}

base::Result<std::shared_ptr<const Model>> Model::with(std::shared_ptr<const Encoder> encoder) const {
  if (!blend_) return bad("they have no second stage: train with --encoder");
  if (blend_->encoder_mark != encoder->mark()) return bad("their second stage was fitted to another encoder");
  auto model = std::make_shared<Model>(*this);
  model->encoder_ = std::move(encoder);
  return std::shared_ptr<const Model>(std::move(model));
}

std::shared_ptr<const Model> Model::with(std::shared_ptr<const Spelling> spelling) const {
  auto model = std::make_shared<Model>(*this);
  model->spelling_ = std::move(spelling);
  return model;
}

std::string encode(const ModelParts& parts) {
  std::string out(kMagic);
  const std::uint32_t version = parts.blend ? kTwoStagesVersion : kFileVersion;
  for (const std::uint32_t value : {version, kFeatureVersion, kRows, static_cast<std::uint32_t>(kColumns),
                                    static_cast<std::uint32_t>(parts.bands.size())})
    append(out, value);
  for (const float value : parts.scale) append(out, value);
  for (const float value : parts.bias) append(out, value);
  for (const float value : {parts.head.info_slope, parts.head.depth_slope, parts.head.bias}) append(out, value);
  append_bands(out, parts.bands);
  for (const Forest* forest : {&parts.forests.info, &parts.forests.depth}) append_forest(out, *forest);
  if (parts.blend) append_blend(out, *parts.blend);
  out.append(reinterpret_cast<const char*>(parts.rows.data()), parts.rows.size() * sizeof(Row));
  append(out, checksum(out));
  return out;
}

}  // namespace basin::geometry
