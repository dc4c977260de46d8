// A body that is rid of some of its thinking (which, the first byte says) is the same document without it.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "wire/cache_control.h"
#include "wire/read_request.h"
#include "wire/splice.h"
#include "wire/thinking_edits.h"

namespace {

using namespace basin;

void require(bool holds) {
  if (!holds) std::abort();
}

std::vector<std::uint64_t> fingerprints(const std::vector<wire::ThinkingBlock>& blocks) {
  std::vector<std::uint64_t> out;
  for (const wire::ThinkingBlock& block : blocks) out.push_back(block.seal.fingerprint);
  return out;
}

void try_as(core::Endpoint endpoint, const std::string& body, unsigned mask) {
  base::json::Document document, after;
  const auto request = wire::read_request(endpoint, body, document);
  if (!request) return;
  std::vector<wire::ThinkingBlock> foreign, kept;
  for (const wire::ThinkingBlock& block : wire::find_thinking(request->dialect, document.root())) {
    require(block.range.begin < block.range.end && block.range.end <= body.size());
    const bool goes = block.seal.kind != wire::ThinkingSeal::Kind::compaction && (mask >> block.block % 8 & 1U) != 0;
    (goes ? foreign : kept).push_back(block);
  }
  const auto edits = wire::thinking_edits(*request, document.root(), foreign);
  const auto spliced = wire::splice(body, edits);
  require(spliced.ok());
  std::string sent;
  for (const auto span : spliced->spans) sent += span;
  require(wire::is_spliced(body, edits, sent));
  require(after.parse(sent).ok());
  require(fingerprints(wire::find_thinking(request->dialect, after.root())) == fingerprints(kept));
  require(wire::cache_breakpoints(after.root()).size() <= wire::cache_breakpoints(document.root()).size());
  base::json::Document scratch;
  require(wire::read_request(endpoint, sent, scratch).ok());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string body(reinterpret_cast<const char*>(data + 1), size - 1);
  for (const auto endpoint : {core::Endpoint::messages, core::Endpoint::responses}) try_as(endpoint, body, data[0]);
  return 0;
}
