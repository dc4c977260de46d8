// An upstream's error may be anything: it is read to a cause, never past its limits, and never told longer than a line.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "wire/failure.h"
#include "wire/retry_after.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

// The first byte chooses a status, the first line is every header's value, the rest is the body.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace basin::wire;
  if (size == 0) return 0;
  constexpr int kStatuses[] = {200, 400, 401, 403, 404, 429, 500, 503};
  const int status = kStatuses[data[0] % 8];
  const std::string_view text(reinterpret_cast<const char*>(data + 1), size - 1);
  const std::size_t line = text.find('\n');
  const std::string_view value = text.substr(0, line);
  const std::string_view body = line == std::string_view::npos ? std::string_view() : text.substr(line + 1);

  const Failure failure = failure_of(
      status, [&](std::string_view) { return value; }, body, 1'795'577'580'000);
  require(status == 200 || failure.cause != Cause::none);
  require(failure.detail.size() <= kFailureDetail && failure.detail.find('\n') == std::string_view::npos);
  require(failure.wait_ms.value_or(0) >= 0 && failure.wait_ms.value_or(0) <= kLongestWaitMs);
  require(failure.cause == Cause::too_long || !failure.context);
  return 0;
}
