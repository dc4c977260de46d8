#include "net/fetch.h"

#include <array>
#include <string_view>

#include "net/exchange.h"
#include "net/loop.h"
#include "net/timers.h"

namespace basin::net {

using base::Code;

namespace {

std::string head_for(const FetchRequest& request, const Url& url) {
  std::string head;
  HeadWriter writer(head);
  std::string target = url.path.empty() || url.path.front() == '?' ? "/" + url.path : url.path;
  writer.request(request.method, target).field("Host", url.origin.authority());
  for (const auto& [name, value] : request.fields) writer.field(name, value);
  if (!request.body.empty() || request.method == "POST") writer.field("Content-Length", request.body.size());
  writer.end();
  return head;
}

// The limit of time for all of a fetch: cancels the exchange.
struct Deadline {
  Deadline(Loop& loop, UpstreamExchange& e, std::uint32_t timeout_ms)
      : exchange(e),
        timer(
            [](void* self) {
              auto& deadline = *static_cast<Deadline*>(self);
              deadline.passed = true;
              deadline.exchange.cancel();
            },
            this) {
    loop.timers().arm(timer, loop.now_ms() + timeout_ms);
  }
  UpstreamExchange& exchange;
  Timer timer;
  bool passed = false;
};

Task<base::Result<FetchResponse>> answer(UpstreamExchange& exchange, const FetchRequest& request, const Url& url) {
  std::string head = head_for(request, url);
  std::array<std::string_view, 1> body{request.body};
  base::Status sent = co_await exchange.send(head, body);
  if (!sent.ok()) co_return sent.error();
  base::Status read = co_await exchange.read_head(request.timeout_ms);
  if (!read.ok()) co_return read.error();
  FetchResponse response;
  response.status = exchange.head().status;
  for (const HeadField& field : exchange.head().fields) response.fields.emplace_back(field.name, field.value);
  for (;;) {
    base::Result<BodyPiece> piece = co_await exchange.read_body(request.timeout_ms);
    if (!piece.ok()) co_return piece.error();
    if (response.body.size() + piece->bytes.size() > request.limit_bytes)
      co_return base::fail(Code::too_large, url.origin.authority() + " answered with too much");
    response.body.append(piece->bytes);
    if (piece->last) co_return response;
  }
}

}  // namespace

Task<base::Result<FetchResponse>> fetch(UpstreamPool& pool, FetchRequest request) {
  base::Result<Url> url = parse_url(request.url);
  if (!url.ok()) co_return url.error();
  UpstreamExchange exchange(pool, url->origin, Patience{request.timeout_ms, request.timeout_ms});
  Deadline deadline(pool.loop(), exchange, request.timeout_ms);
  base::Result<FetchResponse> response = co_await answer(exchange, request, *url);
  if (deadline.passed) co_return base::fail(Code::timeout, url->origin.authority() + " did not answer in time");
  co_return response;
}

base::Result<FetchResponse> blocking_fetch(FetchRequest request, std::shared_ptr<const TlsClient> tls) {
  // Reading the system's roots takes some 25 ms, which a question on loopback need not pay.
  if (!tls && request.url.starts_with("https:")) tls = std::make_shared<const TlsClient>();
  Loop loop;
  UpstreamPool pool(loop, std::move(tls));
  return loop.run_task(fetch(pool, std::move(request)));
}

}  // namespace basin::net
